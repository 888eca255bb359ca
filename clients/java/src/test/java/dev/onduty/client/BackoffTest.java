package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration INITIAL = Duration.ofMillis(200);
  private static final Duration MAX = Duration.ofMillis(1500);

  @Test
  @DisplayName("Waits double up to the longest")
  void doubles() {
    Backoff backoff = new Backoff(INITIAL, MAX, () -> 1);
    assertEquals(List.of(200L, 400L, 800L, 1500L, 1500L), millis(backoff, 5));
  }

  @Test
  @DisplayName("The random factor halves a wait at most")
  void randomFactor() {
    assertEquals(List.of(100L, 200L), millis(new Backoff(INITIAL, MAX, () -> 0), 2));
    assertEquals(List.of(150L, 300L), millis(new Backoff(INITIAL, MAX, () -> 0.5), 2));
  }

  @Test
  @DisplayName("The doubling starts anew after a reset")
  void startsAnew() {
    Backoff backoff = new Backoff(INITIAL, MAX, () -> 1);
    millis(backoff, 4);
    backoff.reset();
    assertEquals(List.of(200L, 400L), millis(backoff, 2));
  }

  private static List<Long> millis(Backoff backoff, int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toMillis).toList();
  }
}
