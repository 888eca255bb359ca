package dev.onduty.client;

/** The server does not know the service or method. */
public final class UnsupportedError extends OndutyError {
  private static final long serialVersionUID = 1L;

  UnsupportedError(Failure failure) {
    super(failure);
  }
}
