/**
 * Lets callers wait, with a deadline, for something that others bring about.
 *
 * It starts nothing.
 */
import { status } from "@grpc/grpc-js";

import { TimedOutError } from "./errors.js";
import { within } from "./options.js";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The callers that wait for one thing. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  /**
   * Wait until `resolveAll` or `rejectAll`. Fails with TimedOutError after `timeout` seconds (0.001-86,400), with `why()` as its
   * cause, or with the signal's reason.
   */
  async wait(what: string, timeout: number, why: () => unknown, signal?: AbortSignal): Promise<void> {
    const seconds = within("timeout", timeout, 0.001, 86_400);
    signal?.throwIfAborted();
    let waiter: Waiter | undefined;
    let timer: NodeJS.Timeout | undefined;
    const abort = (): void => waiter?.reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { resolve, reject };
        this.#waiting.add(waiter);
        timer = setTimeout(() => {
          reject(lateError(what, seconds, why()));
        }, seconds * 1_000);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      if (waiter !== undefined) this.#waiting.delete(waiter);
    }
  }

  /** What they wait for is there. */
  resolveAll(): void {
    for (const waiter of this.#waiting) waiter.resolve();
  }

  /** It will not come. */
  rejectAll(reason: unknown): void {
    for (const waiter of this.#waiting) waiter.reject(reason);
  }
}

function lateError(what: string, seconds: number, cause: unknown): TimedOutError {
  const because = cause instanceof Error ? `: ${cause.message}` : "";
  return new TimedOutError({
    code: status.DEADLINE_EXCEEDED,
    message: `no ${what} within ${seconds} s${because}`,
    cause,
  });
}
