/** Lengths of time of the contract in milliseconds, and back. */
import { create } from "@bufbuild/protobuf";
import { DurationSchema, type Duration } from "@bufbuild/protobuf/wkt";

/** A length of time in milliseconds. */
export function durationMs(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}

/** Whole seconds as a length of time. */
export function seconds(count: number): Duration {
  return create(DurationSchema, { seconds: BigInt(count) });
}
