package dev.onduty.client;

/** The position cannot be continued from: watch afresh, without a position. */
public final class PositionError extends OndutyError {
  private static final long serialVersionUID = 1L;

  PositionError(Failure failure) {
    super(failure);
  }
}
