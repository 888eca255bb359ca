package dev.onduty.client;

/** The deadline passed. The outcome is unknown: ask again with the same request id. */
public final class TimedOutError extends OndutyError {
  private static final long serialVersionUID = 1L;

  TimedOutError(Failure failure) {
    super(failure);
  }
}
