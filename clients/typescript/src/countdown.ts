/**
 * How long a deadline of the server's is away, told from the local clock.
 *
 * It is pure: the local time is an argument.
 */
import type { Timestamp } from "../gen/google/protobuf/timestamp.js";
import { toSeconds } from "./instants.js";

/**
 * An estimate of how far the server's clock is ahead of the local one.
 *
 * A frame comes later than its change was recorded, never earlier. So the largest difference seen is the nearest to the truth.
 */
export class ServerClock {
  #offset: number | undefined;

  /** Take note of a change recorded at the server's instant, whose frame came at the local time (seconds since 1970). */
  observe(recordedAt: Timestamp, localSeconds: number): void {
    const difference = toSeconds(recordedAt) - localSeconds;
    if (this.#offset === undefined || difference > this.#offset) this.#offset = difference;
  }

  /** Seconds by which the server's clock is ahead; 0 before the first observation. */
  get offset(): number {
    return this.#offset ?? 0;
  }

  /** Forget what was seen, as when a stream was opened anew. */
  reset(): void {
    this.#offset = undefined;
  }
}

/** Seconds until the deadline, never below 0. Undefined where there is no deadline. */
export function remaining(deadline: Timestamp | undefined, localSeconds: number, offset: number): number | undefined {
  if (deadline === undefined) return undefined;
  return Math.max(0, toSeconds(deadline) - (localSeconds + offset));
}
