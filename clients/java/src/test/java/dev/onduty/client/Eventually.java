package dev.onduty.client;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits for conditions, with a deadline. */
final class Eventually {
  /** How long a wait or a call may take; it is used up only where something is broken. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private Eventually() {}

  /** Takes events until one is as wanted. */
  static <T> T take(BlockingQueue<T> events, Predicate<? super T> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      T event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("what was waited for did not come");
      }
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  /** Waits for what nothing tells of, such as the end of a foreign thread. */
  static void becomes(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not become true: " + what);
      }
      Thread.sleep(10);
    }
  }
}
