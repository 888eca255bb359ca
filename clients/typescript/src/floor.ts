/**
 * A live copy of the staff that match a filter, kept over breaks of the stream.
 *
 * It never asks the server anything but to watch; the rules of the view are `floor_view`'s, those of resuming `resuming`'s.
 */
import { status } from "@grpc/grpc-js";

import {
  RouterServiceService,
  WatchStaffRequest,
  type SnapshotChunk,
  type WatchStaffResponse,
} from "../gen/onduty/v1/router_service.js";
import type { Staff, StaffChange, StaffFilter } from "../gen/onduty/v1/staff.js";
import { Backoff } from "./backoff.js";
import type { Connection } from "./connection.js";
import { OndutyError, PositionError } from "./errors.js";
import { FloorView, type FloorChange } from "./floor_view.js";
import { Handlers, runsInHandlerOf, type Handler } from "./handlers.js";
import { durationSeconds, toDuration } from "./instants.js";
import { settledTimes, type StreamTimes } from "./options.js";
import { isFinal, ResumingStream, type Next } from "./resuming.js";
import type { ServerStream } from "./stream.js";
import { Waiters } from "./waiters.js";

/**
 * How a floor stands. CONNECTING: no snapshot yet. CURRENT: it follows. STALE: nothing heard for three bookmark intervals, or the
 * stream is broken; it tries again. FAILED: it gave up. CLOSED: `close()` was called.
 */
export type FloorState = "CONNECTING" | "CURRENT" | "STALE" | "FAILED" | "CLOSED";

/** What a floor may have of its own. */
export interface FloorOptions extends StreamTimes {
  /** Gets what a handler threw. Absent: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A live copy of the staff that match a filter. Made by `RouterClient.floor`; it watches at once. */
export class Floor {
  readonly #connection: Connection;
  readonly #filter: StaffFilter | undefined;
  readonly #times: Required<{ [Field in keyof StreamTimes]: number }>;
  readonly #view = new FloorView();
  readonly #changes: Handlers<FloorChange>;
  readonly #states: Handlers<FloorState>;
  readonly #waiters = new Waiters();
  readonly #release: () => void;
  readonly #stream: ResumingStream<WatchStaffResponse>;
  #state: FloorState = "CONNECTING";
  #position = "";
  // Whether the view and the position belong together, so that a stream can continue from there.
  #resumable = false;
  #lastFrameAt: number | undefined;
  #lastError: OndutyError | undefined;
  #closing: Promise<void> | undefined;

  /** Made by `RouterClient.floor`. Throws RangeError for a time out of bounds. */
  constructor(connection: Connection, filter: StaffFilter | undefined, options: FloorOptions = {}) {
    this.#connection = connection;
    this.#filter = filter;
    this.#times = settledTimes(options, connection.settings);
    this.#changes = new Handlers(this, options.onError);
    this.#states = new Handlers(this, options.onError);
    this.#release = connection.adopt(this);
    const reader = {
      open: () => this.#open(),
      receive: (frame: WatchStaffResponse) => this.#receive(frame),
      silent: () => {
        this.#fallStale();
      },
      ended: (error: OndutyError | undefined) => this.#ended(error),
    };
    const backoff = new Backoff(this.#times.backoffInitial, this.#times.backoffMax);
    this.#stream = new ResumingStream(reader, backoff, 3 * this.#times.bookmarkInterval);
  }

  /** How the floor stands. */
  get state(): FloorState {
    return this.#state;
  }

  /** The position up to which the view is complete. Empty before the first snapshot. */
  get position(): string {
    return this.#position;
  }

  /** How many persons the view has. */
  get size(): number {
    return this.#view.size;
  }

  /** Seconds since the last frame. Undefined before the first. */
  get lastFrameAge(): number | undefined {
    return this.#lastFrameAt === undefined ? undefined : monotonicSeconds() - this.#lastFrameAt;
  }

  /** What the last stream failed with, also where the floor goes on. */
  get lastError(): OndutyError | undefined {
    return this.#lastError;
  }

  /** One person, or undefined. The object is the view's own: do not change it. */
  get(staffId: string): Staff | undefined {
    return this.#view.get(staffId);
  }

  /** Everybody, by id. */
  all(): Staff[] {
    return this.#view.all();
  }

  /**
   * Who can be assigned an inbound call, longest idle first, without a call to the server. An empty group means all.
   *
   * Nobody before the first snapshot, after `trustLimit` seconds without a frame, and when FAILED or CLOSED.
   */
  available(skillGroup = ""): Staff[] {
    if (!this.#view.complete || this.#state === "FAILED" || this.#state === "CLOSED") return [];
    if ((this.lastFrameAge ?? Infinity) > this.#times.trustLimit) return [];
    return this.#view.available(skillGroup);
  }

  /**
   * Wait until the floor is CURRENT. Fails with the error that made it give up, with TimedOutError after `timeout` seconds, with
   * code CANCELLED when it is closed, or with the signal's reason.
   */
  async waitCurrent(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.#state === "CURRENT") return;
    if (this.#state === "FAILED") throw this.#lastError ?? closedError();
    if (this.#state === "CLOSED") throw closedError();
    await this.#waiters.wait("current floor", timeout, () => this.#lastError, signal);
  }

  /** Get each change; the function that comes back ends it. The view already shows the change. */
  onChange(handler: Handler<FloorChange>): () => void {
    return this.#changes.add(handler);
  }

  /** Get each new state; the function that comes back ends it. */
  onState(handler: Handler<FloorState>): () => void {
    return this.#states.add(handler);
  }

  /** Cancel the stream and wait for handlers that run, unless one of them asked. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return runsInHandlerOf(this) ? Promise.resolve() : this.#closing;
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#enter("CLOSED");
    this.#waiters.rejectAll(closedError());
    await this.#stream.stop();
    await Promise.all([this.#changes.idle(), this.#states.idle()]);
    this.#release();
  }

  #open(): ServerStream<WatchStaffResponse> {
    this.#view.dropChunks();
    const request = WatchStaffRequest.fromPartial({
      resumeAfter: this.#resumable ? this.#position : "",
      bookmarkInterval: toDuration(this.#times.bookmarkInterval),
    });
    return this.#connection.stream(RouterServiceService.watchStaff, { ...request, filter: this.#filter });
  }

  #receive(frame: WatchStaffResponse): Promise<void> | undefined {
    this.#lastFrameAt = monotonicSeconds();
    switch (frame.event?.$case) {
      case "snapshotChunk":
        return this.#takeChunk(frame.event.value, frame.position);
      case "goingAway":
        this.#stream.waitLonger(secondsAsked(frame.event.value.reconnectAfter));
        break;
      default:
    }
    if (!this.#resumable) return undefined;
    if (frame.position !== "") this.#position = frame.position;
    this.#enter("CURRENT");
    const told = frame.event?.$case === "changes" ? this.#takeChanges(frame.event.value.changes) : undefined;
    return this.#thenWakeWaiters(told);
  }

  #takeChunk(chunk: SnapshotChunk, position: string): Promise<void> | undefined {
    this.#view.addChunk(chunk.staff);
    if (!chunk.last) return undefined;
    const differences = this.#view.swapIn();
    this.#position = position;
    this.#resumable = true;
    this.#enter("CURRENT");
    return this.#thenWakeWaiters(this.#tellAll(differences.values()));
  }

  #takeChanges(changes: readonly StaffChange[]): Promise<void> | undefined {
    return this.#tellAll(this.#applied(changes));
  }

  // Applied one by one, so that the view shows exactly the change that a handler is told of.
  *#applied(changes: readonly StaffChange[]): Generator<FloorChange> {
    for (const change of changes) {
      const told = this.#view.apply(change);
      if (told !== undefined) yield told;
    }
  }

  #tellAll(changes: Iterator<FloorChange>): Promise<void> | undefined {
    for (let next = changes.next(); next.done !== true; next = changes.next()) {
      if (this.#state === "CLOSED") continue;
      const atWork = this.#changes.tell(next.value);
      if (atWork !== undefined) return atWork.then(() => this.#tellAll(changes));
    }
    return undefined;
  }

  #thenWakeWaiters(told: Promise<void> | undefined): Promise<void> | undefined {
    const wake = (): void => {
      if (this.#state === "CURRENT") this.#waiters.resolveAll();
    };
    if (told !== undefined) return told.then(wake);
    wake();
    return undefined;
  }

  #ended(error: OndutyError | undefined): Next {
    if (error !== undefined) this.#lastError = error;
    if (error !== undefined && isFinal(error, this.#connection.settings.token)) {
      this.#enter("FAILED");
      this.#waiters.rejectAll(error);
      return "never";
    }
    this.#fallStale();
    const isAtOnce = error instanceof PositionError && this.#resumable;
    if (isAtOnce) this.#resumable = false;
    return isAtOnce ? "at once" : "wait";
  }

  #fallStale(): void {
    if (this.#state === "CURRENT") this.#enter("STALE");
  }

  #enter(state: FloorState): void {
    if (this.#state === state || this.#state === "CLOSED") return;
    this.#state = state;
    void this.#states.tell(state);
  }
}

function secondsAsked(asked: { seconds: bigint; nanos: number } | undefined): number {
  return asked === undefined ? 0 : durationSeconds(asked);
}

function monotonicSeconds(): number {
  return performance.now() / 1_000;
}

function closedError(): OndutyError {
  return new OndutyError({ code: status.CANCELLED, message: "the floor is closed" });
}
