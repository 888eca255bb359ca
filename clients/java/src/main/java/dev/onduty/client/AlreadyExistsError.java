package dev.onduty.client;

/** What was to be created exists (STAFF_EXISTS, BREAK_REASON_EXISTS). */
public final class AlreadyExistsError extends OndutyError {
  private static final long serialVersionUID = 1L;

  AlreadyExistsError(Failure failure) {
    super(failure);
  }
}
