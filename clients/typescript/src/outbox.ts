/**
 * Delivers facts about calls in the end.
 *
 * What goes out when says `fact_queue`; this sends, waits and tells.
 */
import { status } from "@grpc/grpc-js";

import { ReportCallEventsRequest, RouterServiceService, type CallEvent } from "../gen/onduty/v1/router_service.js";
import type { CallOptions, Connection } from "./connection.js";
import { errorFrom } from "./error_details.js";
import { OndutyError } from "./errors.js";
import { FactQueue, type HeldFact, type SettledFact, type Step } from "./fact_queue.js";
import { Handlers, runsInHandlerOf, warn, type Handler } from "./handlers.js";
import { within } from "./options.js";
import { endedRequest, resultOf, startedRequest, type EndedCall, type StartedCall } from "./router_requests.js";
import { Waiters } from "./waiters.js";

const DAY = 86_400;

/** How much an outbox holds, for how long, and who is told. */
export interface OutboxOptions {
  /** It holds so many facts and is full then, 1 or more. Default 10,000. */
  readonly mostFacts?: number | undefined;
  /** It holds so many bytes of facts and is full then, 1 or more. Default 16 MiB. */
  readonly mostBytes?: number | undefined;
  /** A fact that was not taken for so long is given up, 0.001-86,400 s: the server knows request ids for a day. Default a day. */
  readonly keepSeconds?: number | undefined;
  /** Gets each fact that leaves the outbox, taken or not. Absent: what is not taken is a warning of the process. */
  readonly onSettled?: Handler<SettledFact> | undefined;
  /** Gets what `onSettled` threw. Absent: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A call that started, for an outbox. Say `occurredAt`: the fact may come late. */
export type StartedFact = Omit<StartedCall, keyof CallOptions | "expectedRevision">;

/** A call that ended, for an outbox. */
export type EndedFact = Omit<EndedCall, keyof CallOptions | "expectedRevision">;

/**
 * Holds facts until the service has taken them, and repeats them meanwhile. Made by `RouterClient.outbox`.
 *
 * The facts of one call arrive in the order in which they were given, each once: each has one request id. It holds them in memory
 * only: after the end of the program reconcile.
 */
export class Outbox {
  readonly #connection: Connection;
  readonly #queue: FactQueue;
  readonly #settled: Handlers<SettledFact>;
  readonly #isHeard: boolean;
  readonly #waiters = new Waiters();
  readonly #release: () => void;
  readonly #stopping = new AbortController();
  #isDelivering = false;
  #delivering: Promise<void> | undefined;
  #closing: Promise<CallEvent[]> | undefined;
  #left: CallEvent[] = [];

  /** Made by `RouterClient.outbox`. Throws RangeError for an option out of bounds. */
  constructor(connection: Connection, options: OutboxOptions = {}) {
    const bounds = {
      mostFacts: counted("mostFacts", options.mostFacts ?? 10_000),
      mostBytes: counted("mostBytes", options.mostBytes ?? 16 * 1024 * 1024),
      keepSeconds: within("keepSeconds", options.keepSeconds ?? DAY, 0.001, DAY),
    };
    this.#connection = connection;
    this.#queue = new FactQueue(bounds, connection.settings.backoffInitial);
    this.#settled = new Handlers(this, options.onError);
    this.#isHeard = options.onSettled !== undefined;
    if (options.onSettled !== undefined) this.#settled.add(options.onSettled);
    this.#release = connection.adopt(this);
  }

  /**
   * Hold the fact that a call is in progress, and give its request id. It waits for nothing.
   *
   * Throws OverloadedError, without a reason, where the outbox is full, and an OndutyError of code CANCELLED where it is closed.
   */
  callStarted(call: StartedFact): string {
    return this.add({ event: { $case: "started", value: startedRequest(call) } });
  }

  /** Hold the fact that a call, or one leg of it, ended, and give its request id. Throws as `callStarted` does. */
  callEnded(call: EndedFact): string {
    return this.add({ event: { $case: "ended", value: endedRequest(call) } });
  }

  /** Hold a fact, also one that another outbox had left, and give its request id. Throws as `callStarted` does. */
  add(event: CallEvent): string {
    if (this.#closing !== undefined) throw closedError();
    const requestId = this.#queue.add(event, monotonicSeconds());
    if (!this.#isDelivering) {
      this.#isDelivering = true;
      this.#delivering = this.#deliver();
    }
    return requestId;
  }

  /** How many facts it holds. */
  get size(): number {
    return this.#queue.count;
  }

  /** How many bytes these have. */
  get sizeBytes(): number {
    return this.#queue.sizeBytes;
  }

  /** Why the last attempt that failed did. Undefined where none did. */
  get lastError(): OndutyError | undefined {
    return this.#queue.lastError;
  }

  /**
   * Wait until everything is settled and told. Fails with TimedOutError after `timeout` seconds, with code CANCELLED where it is
   * closed with facts in it, or with the signal's reason.
   */
  async flush(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.#left.length > 0) throw closedError();
    if (!this.#isDelivering) return;
    await this.#waiters.wait("empty outbox", timeout, () => this.lastError, signal);
  }

  /**
   * Deliver for `timeout` seconds more what it holds, then end. Gives what is left, which `onSettled` is told as well, and which can
   * be given to another outbox. Absent: the connection's `callTimeout`. May be called twice. In `onSettled` it begins the end and
   * does not wait for it.
   */
  close(timeout = this.#connection.settings.callTimeout): Promise<CallEvent[]> {
    this.#closing ??= this.#close(Math.max(0, timeout));
    return runsInHandlerOf(this) ? Promise.resolve([]) : this.#closing;
  }

  /** The same as `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeout: number): Promise<CallEvent[]> {
    const timer = setTimeout(() => {
      this.#stopping.abort();
    }, timeout * 1_000);
    await this.#delivering;
    clearTimeout(timer);
    const left = this.#queue.giveUp();
    this.#left = left.map(({ event }) => event);
    await this.#tell(left);
    if (left.length > 0) this.#waiters.rejectAll(closedError());
    this.#release();
    return this.#left;
  }

  async #deliver(): Promise<void> {
    // Whoever adds a fact adds the next one first: they go out together.
    await Promise.resolve();
    while (this.#queue.count > 0 && !this.#stopping.signal.aborted) {
      await this.#tell(this.#queue.expired(monotonicSeconds()));
      const batch = this.#queue.batch();
      if (batch.length === 0) break;
      const { settled, wait } = await this.#attempt(batch);
      await this.#tell(settled);
      if (wait > 0) await this.#rest(wait);
    }
    // At once: a fact that is added from now on begins anew.
    this.#isDelivering = false;
    if (this.#queue.count === 0) this.#waiters.resolveAll();
  }

  async #attempt(batch: readonly HeldFact[]): Promise<Step> {
    const events = batch.map(({ event }) => event);
    const began = monotonicSeconds();
    const { signal } = this.#stopping;
    try {
      const request = { ...ReportCallEventsRequest.fromPartial({}), events };
      const options = { waitForReady: true, signal };
      const answer = await this.#connection.call(RouterServiceService.reportCallEvents, request, options);
      return this.#queue.answered(
        batch,
        answer.results.map((result, index) => resultOf(result, events[index])),
      );
    } catch (error) {
      if (signal.aborted) return { settled: [], wait: 0 };
      return this.#queue.failed(batch, errorFrom(error), monotonicSeconds() - began);
    }
  }

  async #rest(seconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const { signal } = this.#stopping;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1_000);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }

  async #tell(settled: readonly SettledFact[]): Promise<void> {
    for (const fact of settled) {
      await this.#settled.tell(fact);
      if (fact.error !== undefined && !this.#isHeard) {
        warn(new Error(`the fact ${fact.requestId} was not taken: ${fact.error.message}`));
      }
    }
  }
}

function counted(field: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${field} must be a whole number of 1 or more, not ${String(value)}`);
}

function closedError(): OndutyError {
  return new OndutyError({ code: status.CANCELLED, message: "the outbox is closed" });
}

function monotonicSeconds(): number {
  return performance.now() / 1_000;
}
