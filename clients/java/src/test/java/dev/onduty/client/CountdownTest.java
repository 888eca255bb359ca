package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.onduty.v1.Offer;
import dev.onduty.v1.Staff;
import dev.onduty.v1.WrapUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CountdownTest {
  private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

  @Test
  @DisplayName("Before the first frame the local clock is taken for the server's")
  void noOffset() {
    assertEquals(Duration.ofSeconds(30), Countdown.UNSEEN.left(NOON.plusSeconds(30), NOON));
  }

  @Test
  @DisplayName("The time left is never below 0")
  void neverNegative() {
    assertEquals(Duration.ZERO, Countdown.UNSEEN.left(NOON.minusSeconds(1), NOON));
  }

  @Test
  @DisplayName("The countdown goes by the server's clock")
  void goesByTheServersClock() {
    Countdown ahead = Countdown.UNSEEN.seen(NOON.plusSeconds(100), NOON);
    assertEquals(Duration.ofSeconds(20), ahead.left(NOON.plusSeconds(120), NOON));
    Countdown behind = Countdown.UNSEEN.seen(NOON.minusSeconds(100), NOON);
    assertEquals(Duration.ofSeconds(120), behind.left(NOON.plusSeconds(20), NOON));
  }

  @Test
  @DisplayName("The largest offset counts: frames are delayed, never early")
  void largestOffsetCounts() {
    Countdown countdown =
        Countdown.UNSEEN
            .seen(NOON, NOON.plusMillis(300))
            .seen(NOON, NOON.plusMillis(20))
            .seen(NOON, NOON.plusMillis(900));
    assertEquals(Optional.of(Duration.ofMillis(-20)), countdown.offset());
  }

  @Test
  @DisplayName("There is no wrap-up time outside wrap-up and in an open-ended one")
  void absentWrapUp() {
    Staff openEnded = Staff.newBuilder().setWrapUp(WrapUp.newBuilder().setCallId("c")).build();
    assertTrue(Countdown.UNSEEN.wrapUpLeft(Staff.getDefaultInstance(), NOON).isEmpty());
    assertTrue(Countdown.UNSEEN.wrapUpLeft(openEnded, NOON).isEmpty());
  }

  @Test
  @DisplayName("Wrap-up and offer each have their own time left")
  void wrapUpAndOffer() {
    Staff staff =
        Staff.newBuilder()
            .setWrapUp(WrapUp.newBuilder().setEndsAt(at(NOON.plusSeconds(7))))
            .setOffer(Offer.newBuilder().setExpiresAt(at(NOON.plusSeconds(9))))
            .build();
    assertEquals(Optional.of(Duration.ofSeconds(7)), Countdown.UNSEEN.wrapUpLeft(staff, NOON));
    assertEquals(Optional.of(Duration.ofSeconds(9)), Countdown.UNSEEN.offerLeft(staff, NOON));
    assertTrue(Countdown.UNSEEN.offerLeft(Staff.getDefaultInstance(), NOON).isEmpty());
  }

  private static Timestamp at(Instant instant) {
    return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
  }
}
