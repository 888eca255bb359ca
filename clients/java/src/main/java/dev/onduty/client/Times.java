package dev.onduty.client;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** Turns protobuf's times into Java's and back. It reads no clock. */
final class Times {
  private Times() {}

  static Duration duration(com.google.protobuf.Duration value) {
    return Duration.ofSeconds(value.getSeconds(), value.getNanos());
  }

  static com.google.protobuf.Duration proto(Duration value) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(value.getSeconds())
        .setNanos(value.getNano())
        .build();
  }

  static Instant instant(Timestamp value) {
    return Instant.ofEpochSecond(value.getSeconds(), value.getNanos());
  }
}
