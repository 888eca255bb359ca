package dev.onduty.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Says how long to wait before the next attempt of a stream. It does not wait itself. */
final class Backoff {
  private final Duration initial;
  private final Duration max;
  private final DoubleSupplier random;
  private Duration next;

  /**
   * @param random gives numbers from 0 to 1
   */
  Backoff(Duration initial, Duration max, DoubleSupplier random) {
    this.initial = initial;
    this.max = max;
    this.random = random;
    this.next = initial;
  }

  /** The next wait: doubled with each, up to the longest, times a random factor of 0.5-1. */
  Duration next() {
    Duration present = next;
    Duration doubled = present.multipliedBy(2);
    next = doubled.compareTo(max) > 0 ? max : doubled;
    return Duration.ofNanos((long) (present.toNanos() * (0.5 + 0.5 * random.getAsDouble())));
  }

  /** Starts the doubling anew: a stream has carried a frame. */
  void reset() {
    next = initial;
  }
}
