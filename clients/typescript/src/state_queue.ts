/**
 * Holds states for one async iteration until they are read.
 *
 * It never holds more than its bound: the oldest are dropped, as the latest is what counts.
 */
import type { Staff } from "../gen/onduty/v1/staff.js";

const BOUND = 1_000;

/** The states that wait for one reader. */
export class StateQueue implements AsyncIterable<Staff> {
  readonly #waiting: Staff[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  /** Begin with a state, if one is known. */
  constructor(first: Staff | undefined) {
    if (first !== undefined) this.#waiting.push(first);
  }

  /** Put a state in. */
  add(staff: Staff): void {
    if (this.#waiting.length === BOUND) this.#waiting.shift();
    this.#waiting.push(staff);
    this.#wake?.();
  }

  /** No further state will come. With an error the reader gets it after the states that wait. */
  end(error: Error | undefined): void {
    this.#ended = true;
    this.#error ??= error;
    this.#wake?.();
  }

  /** Read the states; for one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Staff, void, undefined> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#ended) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
