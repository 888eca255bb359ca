/**
 * Turns protobuf's instants and lengths of time into JavaScript's numbers and dates, and back.
 *
 * It is pure: it reads no clock.
 */
import type { Duration } from "../gen/google/protobuf/duration.js";
import type { Timestamp } from "../gen/google/protobuf/timestamp.js";

const NANOS = 1_000_000_000;

/** Seconds since 1970 as a number, exact to the microsecond. */
export function toSeconds(instant: Timestamp): number {
  return Number(instant.seconds) + instant.nanos / NANOS;
}

/** The instant as a Date. A Date has milliseconds: what is finer is cut off. */
export function toDate(instant: Timestamp): Date {
  return new Date(Number(instant.seconds) * 1_000 + Math.floor(instant.nanos / 1_000_000));
}

/** The Date as an instant. */
export function fromDate(date: Date): Timestamp {
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1_000);
  return { seconds: BigInt(seconds), nanos: (milliseconds - seconds * 1_000) * 1_000_000 };
}

/** A length of time in seconds. */
export function durationSeconds(duration: Duration): number {
  return Number(duration.seconds) + duration.nanos / NANOS;
}

/** Seconds as a length of time, rounded to the microsecond. */
export function toDuration(seconds: number): Duration {
  const microseconds = Math.round(seconds * 1_000_000);
  const whole = Math.trunc(microseconds / 1_000_000);
  return { seconds: BigInt(whole), nanos: (microseconds - whole * 1_000_000) * 1_000 };
}

/** Below 0 where a is earlier than b, 0 where they are the same instant. */
export function compareInstants(a: Timestamp, b: Timestamp): number {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return a.nanos - b.nanos;
}
