package dev.onduty.client;

import java.time.Duration;
import java.util.Optional;

/** The server has more to do than it takes, or a watcher fell too far behind. */
public final class OverloadedError extends OndutyError {
  private static final long serialVersionUID = 1L;

  OverloadedError(Failure failure) {
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
