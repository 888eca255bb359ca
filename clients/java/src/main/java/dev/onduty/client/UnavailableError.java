package dev.onduty.client;

import java.time.Duration;
import java.util.Optional;

/** The server cannot be reached, is shutting down, or cannot write its journal. */
public final class UnavailableError extends OndutyError {
  private static final long serialVersionUID = 1L;

  UnavailableError(Failure failure) {
    super(failure);
  }

  /**
   * How long the server asked to wait before the next attempt.
   *
   * @return the wait; absent where the server asked for none
   */
  public Optional<Duration> retryAfter() {
    return failure().retryAfter();
  }
}
