/**
 * Calls the handlers that users register, one value after another.
 *
 * It lets no handler harm anything: what one throws is reported, and ending something from within its own handler does not hang.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** A function that gets each value. A promise that it gives back is waited for. */
export type Handler<T> = (value: T) => unknown;

interface Inside {
  readonly owner: object;
  // No longer once the handler is done: what it has started is not inside it any more.
  running: boolean;
  readonly outer: Inside | undefined;
}

const inside = new AsyncLocalStorage<Inside>();

/** Whether the present code runs in a handler of the owner, however deep. */
export function runsInHandlerOf(owner: object): boolean {
  for (let at = inside.getStore(); at !== undefined; at = at.outer) {
    if (at.running && at.owner === owner) return true;
  }
  return false;
}

/** Report what a handler threw where nobody gave an `onError`. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(`a handler threw ${String(error)}`));
}

/** The handlers of one kind of event. */
export class Handlers<T> {
  readonly #owner: object;
  readonly #report: (error: unknown) => void;
  readonly #handlers = new Set<{ readonly handle: Handler<T> }>();
  readonly #running = new Set<Promise<void>>();

  /** `report` gets what a handler throws. */
  constructor(owner: object, report: (error: unknown) => void = warn) {
    this.#owner = owner;
    this.#report = report;
  }

  /** Add a handler; the function that comes back takes it out again. */
  add(handle: Handler<T>): () => void {
    const entry = { handle };
    this.#handlers.add(entry);
    return () => {
      this.#handlers.delete(entry);
    };
  }

  /** Call every handler with the value. A promise comes back only where one is still at work. */
  tell(value: T): Promise<void> | undefined {
    if (this.#handlers.size === 0) return undefined;
    const atWork = [...this.#handlers].flatMap(({ handle }) => this.#call(handle, value) ?? []);
    return atWork.length === 0 ? undefined : Promise.all(atWork).then(() => undefined);
  }

  /** Wait until no handler is at work. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #call(handle: Handler<T>, value: T): Promise<void> | undefined {
    const context = { owner: this.#owner, running: true, outer: inside.getStore() };
    try {
      const outcome = inside.run(context, handle, value);
      if (isThenable(outcome)) return this.#follow(outcome, context);
    } catch (error) {
      this.#tellOf(error);
    }
    context.running = false;
    return undefined;
  }

  #follow(outcome: PromiseLike<unknown>, context: Inside): Promise<void> {
    const done = Promise.resolve(outcome).then(
      () => undefined,
      (error: unknown) => {
        this.#tellOf(error);
      },
    );
    const tracked = done.finally(() => {
      context.running = false;
      this.#running.delete(tracked);
    });
    this.#running.add(tracked);
    return tracked;
  }

  #tellOf(error: unknown): void {
    try {
      this.#report(error);
    } catch (second) {
      warn(second);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
