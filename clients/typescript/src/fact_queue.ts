/**
 * The facts that an outbox holds: what goes out next, what is settled, and how long to wait.
 *
 * It sends nothing and keeps no time. Of each call only the oldest fact is on the way, so that the facts of a call arrive in the
 * order in which they were given.
 */
import { status } from "@grpc/grpc-js";

import type { ItemTaken } from "../gen/onduty/v1/batch.js";
import { CallEvent } from "../gen/onduty/v1/router_service.js";
import { Backoff } from "./backoff.js";
import { InternalError, OndutyError, OverloadedError, TimedOutError, UnavailableError } from "./errors.js";
import { newRequestId } from "./ids.js";
import { LARGEST_BATCH, type FactResult } from "./router_requests.js";

const BATCH_BYTES = 1024 * 1024;

/** The longest wait between two attempts, in seconds: a server that is back hears the first fact within a second. */
export const LONGEST_FACT_WAIT = 0.5;

/** A fact that left an outbox: one of `taken` and `error` is there. */
export interface SettledFact {
  /** The fact, with its request id: it can be given to an outbox again, as often as need be. */
  readonly event: CallEvent;
  /** The fact's own request id. */
  readonly requestId: string;
  /** What the service did with it. */
  readonly taken?: ItemTaken | undefined;
  /**
   * Why the service refused it, or why it was given up: code CANCELLED when the outbox was closed, DEADLINE_EXCEEDED after
   * `keepSeconds`.
   */
  readonly error?: OndutyError | undefined;
}

/** How much an outbox holds. */
export interface QueueBounds {
  readonly mostFacts: number;
  readonly mostBytes: number;
  readonly keepSeconds: number;
}

/** A fact that is not settled yet. */
export interface HeldFact {
  readonly event: CallEvent;
  readonly requestId: string;
  readonly callId: string;
  readonly size: number;
  readonly order: number;
  readonly addedAt: number;
  lastError: OndutyError | undefined;
}

/** What a step settled, and how many seconds to wait before the next request. */
export interface Step {
  readonly settled: readonly SettledFact[];
  readonly wait: number;
}

/** What an outbox holds, by call. Times are seconds of a clock that never goes back. */
export class FactQueue {
  readonly #bounds: QueueBounds;
  readonly #backoff: Backoff;
  // Of each call the facts that are held, the oldest first; whose turn it is, first.
  readonly #calls = new Map<string, HeldFact[]>();
  #added = 0;
  #count = 0;
  #sizeBytes = 0;
  #lastError: OndutyError | undefined;
  // After a request that was refused as a whole facts go out one by one, so that one bad fact holds up no other.
  #goesAlone = false;

  /** `backoffInitial`: the first wait after a failure. */
  constructor(bounds: QueueBounds, backoffInitial: number) {
    this.#bounds = bounds;
    this.#backoff = new Backoff(Math.min(backoffInitial, LONGEST_FACT_WAIT), LONGEST_FACT_WAIT);
  }

  /** How many facts are held. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes these have. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Why the last attempt that failed did. */
  get lastError(): OndutyError | undefined {
    return this.#lastError;
  }

  /** Hold a copy of the fact and give its request id; one without an id gets one. Throws OverloadedError where there is no room. */
  add(event: CallEvent, now: number): string {
    const given = event.event;
    if (given === undefined) throw new TypeError("the event has no fact: set started or ended");
    const copy = CallEvent.fromPartial(event);
    const fact = copy.event?.value ?? given.value;
    if (fact.requestId === "") fact.requestId = newRequestId();
    const size = CallEvent.encode(copy).finish().length;
    if (this.#count >= this.#bounds.mostFacts || this.#sizeBytes + size > this.#bounds.mostBytes) {
      const message = `the outbox is full: it holds ${this.#count} facts of ${this.#sizeBytes} bytes`;
      throw new OverloadedError({ code: status.RESOURCE_EXHAUSTED, message, requestId: fact.requestId });
    }
    const { requestId, callId } = fact;
    const order = (this.#added += 1);
    const held = { event: copy, requestId, callId, size, order, addedAt: now, lastError: undefined };
    const before = this.#calls.get(callId);
    if (before === undefined) this.#calls.set(callId, [held]);
    else before.push(held);
    this.#count += 1;
    this.#sizeBytes += size;
    return requestId;
  }

  /** What goes out now: the oldest fact of each call, as much as one request holds. */
  batch(): HeldFact[] {
    const found: HeldFact[] = [];
    let left = BATCH_BYTES;
    for (const [oldest] of this.#calls.values()) {
      if (oldest === undefined) continue;
      left -= oldest.size;
      if (found.length > 0 && (left < 0 || this.#goesAlone || found.length === LARGEST_BATCH)) break;
      found.push(oldest);
    }
    return found;
  }

  /** The request was answered. */
  answered(batch: readonly HeldFact[], results: readonly FactResult[]): Step {
    this.#goesAlone = false;
    const settled: SettledFact[] = [];
    let asked = 0;
    batch.forEach((held, index) => {
      const result = results[index];
      if (result === undefined) return;
      if (result.error !== undefined && mayPass(result.error)) {
        this.#lastError = held.lastError = result.error;
        asked = Math.max(asked, askedBy(result.error));
        this.#endTurn(held);
      } else {
        settled.push(this.#settle(held, result));
      }
    });
    if (settled.length < batch.length) return { settled, wait: this.#backoff.next(asked) };
    this.#backoff.reset();
    return { settled, wait: 0 };
  }

  /** The request failed as a whole; the seconds that it took count as waiting. */
  failed(batch: readonly HeldFact[], error: OndutyError, took: number): Step {
    this.#lastError = error;
    for (const held of batch) held.lastError = error;
    if (mayPass(error)) return { settled: [], wait: Math.max(0, this.#backoff.next() - took) + askedBy(error) };
    const [only, ...others] = batch;
    if (only !== undefined && others.length === 0) return { settled: [this.#settle(only, { error })], wait: 0 };
    this.#goesAlone = true;
    return { settled: [], wait: 0 };
  }

  /** Give up the facts that have been held for longer than `keepSeconds`. */
  expired(now: number): SettledFact[] {
    const gone: SettledFact[] = [];
    for (const facts of [...this.#calls.values()]) {
      for (let held = facts[0]; held !== undefined && now - held.addedAt > this.#bounds.keepSeconds; held = facts[0]) {
        const why = held.lastError === undefined ? "" : `; the last attempt: ${held.lastError.message}`;
        const message = `not taken within ${this.#bounds.keepSeconds} s${why}`;
        const { requestId } = held;
        gone.push(
          this.#settle(held, { error: new TimedOutError({ code: status.DEADLINE_EXCEEDED, message, requestId }) }),
        );
      }
    }
    return gone;
  }

  /** Give up everything, in the order in which it was given. */
  giveUp(): SettledFact[] {
    const left = [...this.#calls.values()].flat().sort((a, b) => a.order - b.order);
    this.#calls.clear();
    this.#count = this.#sizeBytes = 0;
    return left.map(({ event, requestId }) => ({
      event,
      requestId,
      error: new OndutyError({ code: status.CANCELLED, message: "the outbox was closed", requestId }),
    }));
  }

  #settle(held: HeldFact, result: FactResult): SettledFact {
    const facts = this.#endTurn(held);
    facts.shift();
    if (facts.length === 0) this.#calls.delete(held.callId);
    this.#count -= 1;
    this.#sizeBytes -= held.size;
    return { event: held.event, requestId: held.requestId, ...result };
  }

  #endTurn(held: HeldFact): HeldFact[] {
    const facts = this.#calls.get(held.callId) ?? [];
    this.#calls.delete(held.callId);
    this.#calls.set(held.callId, facts);
    return facts;
  }
}

/** Whether the same fact may be taken later: all but what the service itself says for good of the fact. */
export function mayPass(error: OndutyError): boolean {
  if (error.reason === "" || error.reason === "UNAUTHENTICATED" || error.constructor === OndutyError) return true;
  return [UnavailableError, OverloadedError, TimedOutError, InternalError].some((kind) => error instanceof kind);
}

function askedBy(error: OndutyError): number {
  return error instanceof OverloadedError || error instanceof UnavailableError ? (error.retryAfter ?? 0) : 0;
}
