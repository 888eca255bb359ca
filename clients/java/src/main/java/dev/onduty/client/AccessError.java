package dev.onduty.client;

/** The credential is missing or invalid, or does not allow the call. */
public final class AccessError extends OndutyError {
  private static final long serialVersionUID = 1L;

  AccessError(Failure failure) {
    super(failure);
  }
}
