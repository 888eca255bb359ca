package dev.onduty.client;

/** The staff member or the claim is not known (STAFF_UNKNOWN, CLAIM_UNKNOWN). */
public final class NotFoundError extends OndutyError {
  private static final long serialVersionUID = 1L;

  NotFoundError(Failure failure) {
    super(failure);
  }
}
