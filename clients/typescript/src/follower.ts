/**
 * Follows a watch: keeps a view up to date over breaks of the stream, and tells its changes.
 *
 * It never asks the server anything but to watch. What the frames hold is the view's; the rules of resuming are `resuming`'s.
 */
import { status } from "@grpc/grpc-js";

import type { Bookmark, GoingAway } from "../gen/onduty/v1/staff.js";
import { Backoff } from "./backoff.js";
import type { Connection } from "./connection.js";
import { OndutyError, PositionError } from "./errors.js";
import { Handlers, runsInHandlerOf, type Handler } from "./handlers.js";
import { durationSeconds } from "./instants.js";
import { settledTimes, type SettledTimes, type StreamTimes } from "./options.js";
import { isFinal, ResumingStream, type FrameStream, type Next } from "./resuming.js";
import { Waiters } from "./waiters.js";

/**
 * How a follower stands. CONNECTING: it has no snapshot. CURRENT: it shows all that had happened when its stream was opened, and
 * follows. STALE: nothing heard for three bookmark intervals, the stream is broken, or a new one brings what was missed. FAILED: it gave up. CLOSED: `close()` was called.
 */
export type FollowerState = "CONNECTING" | "CURRENT" | "STALE" | "FAILED" | "CLOSED";

/** What a follower may have of its own. */
export interface FollowerOptions extends StreamTimes {
  /** Gets what a handler threw. Absent: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A frame of a watch. */
export interface WatchFrame<Chunk extends { readonly last: boolean }, Raw> {
  readonly position: string;
  /** More of what had happened when the watch was opened is still to come. */
  readonly catchingUp: boolean;
  readonly event?:
    | { readonly $case: "snapshotChunk"; readonly value: Chunk }
    | { readonly $case: "changes"; readonly value: { readonly changes: readonly Raw[] } }
    | { readonly $case: "bookmark"; readonly value: Bookmark }
    | { readonly $case: "goingAway"; readonly value: GoingAway }
    | undefined;
}

/** A copy of what is watched. */
export interface WatchView<Chunk, Raw, Change> {
  /** Put a part of a snapshot aside. */
  addChunk(chunk: Chunk): void;
  /** Throw away the parts that are aside: the snapshot was cut short. */
  dropChunks(): void;
  /** Make the parts that are aside the view, and tell what is different. */
  swapIn(): readonly Change[];
  /** Apply one change of the stream. Undefined where it told nothing new. */
  apply(change: Raw): Change | undefined;
  /** Show nobody until the next snapshot, and tell who left. Only of a view that shows nobody who may no longer be seen. */
  clear?(): readonly Change[];
}

/** What is watched, and how. */
export interface Watched<Chunk extends { readonly last: boolean }, Raw, Change> {
  /** What it is called in errors. */
  readonly name: string;
  readonly view: WatchView<Chunk, Raw, Change>;
  /** Open a stream after the position; an empty one: with a snapshot. */
  open(resumeAfter: string, bookmarkInterval: number): FrameStream<WatchFrame<Chunk, Raw>>;
  /** Whether no further attempt can help, beside the errors that end every stream for good. */
  endsWith(error: OndutyError): boolean;
}

/** Keeps a view of what is watched. It watches at once. */
export class Follower<Chunk extends { readonly last: boolean }, Raw, Change> {
  /** Its times, with their defaults. */
  protected readonly times: SettledTimes;
  readonly #connection: Connection;
  readonly #watched: Watched<Chunk, Raw, Change>;
  readonly #changes: Handlers<Change>;
  readonly #states: Handlers<FollowerState>;
  readonly #waiters = new Waiters();
  readonly #release: () => void;
  readonly #stream: ResumingStream<WatchFrame<Chunk, Raw>>;
  #state: FollowerState = "CONNECTING";
  #position = "";
  // Whether the view and the position belong together, so that a stream can continue from there.
  #resumable = false;
  // A snapshot was complete.
  #hasBegun = false;
  // The handlers have been told of the present CURRENT.
  #isTold = false;
  #lastFrameAt: number | undefined;
  // When the view was known to be the present last.
  #lastCurrentAt: number | undefined;
  #lastError: OndutyError | undefined;
  #closing: Promise<void> | undefined;

  /** Made by the clients. Throws RangeError for a time out of bounds. */
  constructor(connection: Connection, watched: Watched<Chunk, Raw, Change>, options: FollowerOptions = {}) {
    this.#connection = connection;
    this.#watched = watched;
    this.times = settledTimes(options, connection.settings);
    this.#changes = new Handlers(this, options.onError);
    this.#states = new Handlers(this, options.onError);
    this.#release = connection.adopt(this);
    const reader = {
      open: () => this.#open(),
      receive: (frame: WatchFrame<Chunk, Raw>) => this.#receive(frame),
      silent: () => {
        this.#fallStale();
      },
      ended: (error: OndutyError | undefined) => this.#ended(error),
    };
    const backoff = new Backoff(this.times.backoffInitial, this.times.backoffMax);
    this.#stream = new ResumingStream(reader, backoff, 3 * this.times.bookmarkInterval);
  }

  /** How it stands. */
  get state(): FollowerState {
    return this.#state;
  }

  /** The position up to which the view is complete. Empty before the first snapshot. */
  get position(): string {
    return this.#position;
  }

  /** Seconds since the last frame. Undefined before the first. */
  get lastFrameAge(): number | undefined {
    return this.#lastFrameAt === undefined ? undefined : monotonicSeconds() - this.#lastFrameAt;
  }

  /** Whether the view was the present within so many seconds. */
  protected isTrusted(limit: number): boolean {
    if (this.#state === "FAILED" || this.#state === "CLOSED" || this.#lastCurrentAt === undefined) return false;
    return monotonicSeconds() - this.#lastCurrentAt <= limit;
  }

  /** What the last stream failed with, also where it goes on. */
  get lastError(): OndutyError | undefined {
    return this.#lastError;
  }

  /**
   * Wait until it is CURRENT. Fails with the error that made it give up, with TimedOutError after `timeout` seconds, with code
   * CANCELLED when it is closed, or with the signal's reason.
   */
  async waitCurrent(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.#state === "CURRENT" && this.#isTold) return;
    if (this.#state === "FAILED") throw this.#lastError ?? this.#closedError();
    if (this.#state === "CLOSED") throw this.#closedError();
    await this.#waiters.wait(`current ${this.#watched.name}`, timeout, () => this.#lastError, signal);
  }

  /** Get each change; the function that comes back ends it. The view already shows the change. */
  onChange(handler: Handler<Change>): () => void {
    return this.#changes.add(handler);
  }

  /** Get each new state; the function that comes back ends it. */
  onState(handler: Handler<FollowerState>): () => void {
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
    void this.#enter("CLOSED");
    this.#waiters.rejectAll(this.#closedError());
    await this.#stream.stop();
    await Promise.all([this.#changes.idle(), this.#states.idle()]);
    this.#release();
  }

  #open(): FrameStream<WatchFrame<Chunk, Raw>> {
    this.#watched.view.dropChunks();
    return this.#watched.open(this.#resumable ? this.#position : "", this.times.bookmarkInterval);
  }

  #receive({ position, catchingUp, event }: WatchFrame<Chunk, Raw>): Promise<void> | undefined {
    this.#lastFrameAt = monotonicSeconds();
    if (event?.$case === "snapshotChunk") return this.#takeChunk(event.value, position);
    if (event?.$case === "goingAway") this.#waitAsAsked(event.value);
    if (event?.$case === "goingAway" && position === "") return this.#beginAnew();
    if (!this.#resumable) return undefined;
    if (position !== "") this.#position = position;
    const told = event?.$case === "changes" ? this.#takeChanges(event.value.changes) : undefined;
    return catchingUp ? told : this.#thenCurrent(told);
  }

  #waitAsAsked({ reconnectAfter }: GoingAway): void {
    if (reconnectAfter !== undefined) this.#stream.waitLonger(durationSeconds(reconnectAfter));
  }

  // A farewell without a position: there is nothing to continue from, as others may be seen now.
  #beginAnew(): Promise<void> | undefined {
    const left = this.#forget();
    if (left !== undefined) void this.#enter("CONNECTING");
    return left && this.#tellAll(left.values());
  }

  #forget(): readonly Change[] | undefined {
    const left = this.#watched.view.clear?.();
    if (left === undefined) return undefined;
    this.#position = "";
    this.#resumable = false;
    return left;
  }

  #takeChunk(chunk: Chunk, position: string): Promise<void> | undefined {
    this.#watched.view.addChunk(chunk);
    if (!chunk.last) return undefined;
    const differences = this.#watched.view.swapIn();
    this.#position = position;
    this.#resumable = true;
    this.#hasBegun = true;
    return this.#thenCurrent(this.#tellAll(differences.values()));
  }

  #takeChanges(changes: readonly Raw[]): Promise<void> | undefined {
    return this.#tellAll(this.#applied(changes));
  }

  // Applied one by one, so that the view shows exactly the change that a handler is told of.
  *#applied(changes: readonly Raw[]): Generator<Change> {
    for (const change of changes) {
      const told = this.#watched.view.apply(change);
      if (told !== undefined) yield told;
    }
  }

  #tellAll(changes: Iterator<Change>): Promise<void> | undefined {
    for (let next = changes.next(); next.done !== true; next = changes.next()) {
      if (this.#state === "CLOSED") continue;
      const atWork = this.#changes.tell(next.value);
      if (atWork !== undefined) return atWork.then(() => this.#tellAll(changes));
    }
    return undefined;
  }

  #thenCurrent(told: Promise<void> | undefined): Promise<void> | undefined {
    this.#lastCurrentAt = this.#lastFrameAt;
    return told === undefined ? this.#becomeCurrent() : told.then(() => this.#becomeCurrent());
  }

  // What a frame changed is told before the state, and whoever waits is woken when both are told.
  #becomeCurrent(): Promise<void> | undefined {
    const told = this.#enter("CURRENT");
    const wake = (): void => {
      if (this.#state !== "CURRENT") return;
      this.#isTold = true;
      this.#waiters.resolveAll();
    };
    if (told !== undefined) return told.then(wake);
    wake();
    return undefined;
  }

  #ended(error: OndutyError | undefined): Next {
    if (error !== undefined) this.#lastError = error;
    if (this.#resumable && isOfPosition(error)) {
      this.#fallStale();
      this.#resumable = false;
      return "at once";
    }
    if (error !== undefined && this.#isOver(error)) {
      const left = this.#forget();
      void this.#enter("FAILED");
      void this.#tellAll((left ?? []).values());
      this.#waiters.rejectAll(error);
      return "never";
    }
    this.#fallStale();
    return "wait";
  }

  #isOver(error: OndutyError): boolean {
    const { token } = this.#connection.settings;
    return isFinal(error, token, this.#hasBegun, (ended) => this.#watched.endsWith(ended));
  }

  #fallStale(): void {
    if (this.#state === "CURRENT") void this.#enter("STALE");
  }

  #enter(state: FollowerState): Promise<void> | undefined {
    if (this.#state === state || this.#state === "CLOSED") return undefined;
    this.#state = state;
    this.#isTold = false;
    return this.#states.tell(state);
  }

  #closedError(): OndutyError {
    return new OndutyError({ code: status.CANCELLED, message: `the ${this.#watched.name} is closed` });
  }
}

// A server of another version may not read the positions of the one before it.
function isOfPosition(error: OndutyError | undefined): boolean {
  return error instanceof PositionError || error?.reason === "POSITION_MALFORMED";
}

function monotonicSeconds(): number {
  return performance.now() / 1_000;
}
