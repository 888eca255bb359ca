/**
 * How long to wait before a stream is opened again.
 *
 * It only counts; it does not wait.
 */

/** Waits that double from `initial` to `max` seconds, each times a random factor of 0.5-1. */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  readonly #random: () => number;
  #next: number;

  /** `random` gives numbers from 0 to 1. */
  constructor(initial: number, max: number, random: () => number = Math.random) {
    this.#initial = initial;
    this.#max = max;
    this.#random = random;
    this.#next = initial;
  }

  /** The next wait in seconds; `asked` is what the server asked for on top. */
  next(asked = 0): number {
    const wait = this.#next * (0.5 + this.#random() / 2);
    this.#next = Math.min(this.#next * 2, this.#max);
    return wait + asked;
  }

  /** Start the doubling anew. */
  reset(): void {
    this.#next = this.#initial;
  }
}
