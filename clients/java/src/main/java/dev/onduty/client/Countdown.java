package dev.onduty.client;

import dev.onduty.v1.Staff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells how much of a countdown is left, by the server's clock as a stream shows it. It reads no
 * clock: the present is an argument.
 *
 * @param offset the server's clock minus the local one; absent before the first estimate
 */
record Countdown(Optional<Duration> offset) {
  static final Countdown UNSEEN = new Countdown(Optional.empty());

  /** The estimate with one more frame. Of a frame's delay only ever too little is made. */
  Countdown seen(Instant recordedAt, Instant arrivedAt) {
    Duration found = Duration.between(arrivedAt, recordedAt);
    boolean larger = offset.isEmpty() || found.compareTo(offset.get()) > 0;
    return larger ? new Countdown(Optional.of(found)) : this;
  }

  /** The time left until {@code endsAt}; never below 0. */
  Duration left(Instant endsAt, Instant localNow) {
    Instant serverNow = localNow.plus(offset.orElse(Duration.ZERO));
    return serverNow.isBefore(endsAt) ? Duration.between(serverNow, endsAt) : Duration.ZERO;
  }

  /** The time left of the wrap-up; absent outside wrap-up and when it is open-ended. */
  Optional<Duration> wrapUpLeft(Staff staff, Instant localNow) {
    return staff.hasWrapUp() && staff.getWrapUp().hasEndsAt()
        ? Optional.of(left(Times.instant(staff.getWrapUp().getEndsAt()), localNow))
        : Optional.empty();
  }

  /** The time left of the outstanding offer; absent where there is none. */
  Optional<Duration> offerLeft(Staff staff, Instant localNow) {
    return staff.hasOffer() && staff.getOffer().hasExpiresAt()
        ? Optional.of(left(Times.instant(staff.getOffer().getExpiresAt()), localNow))
        : Optional.empty();
  }
}
