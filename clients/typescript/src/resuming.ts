/**
 * Keeps a stream open: reads it, notices its silence, and opens it again after a wait.
 *
 * It does not know what the frames mean; their reader says from where to go on and when to give up.
 */
import { setTimeout as sleep } from "node:timers/promises";

import type { Backoff } from "./backoff.js";
import { errorFrom } from "./error_details.js";
import {
  AccessError,
  InvalidRequestError,
  OverloadedError,
  UnavailableError,
  UnsupportedError,
  type OndutyError,
} from "./errors.js";
import type { Token } from "./options.js";

/** What comes after a stream has ended. */
export type Next = "wait" | "at once" | "never";

/** A stream that is open. */
export interface FrameStream<Frame> extends AsyncIterable<Frame> {
  /** End it. */
  cancel(): void;
}

/** Who reads the frames. */
export interface FrameReader<Frame> {
  /** Open the next stream. */
  open(): FrameStream<Frame>;
  /** Take a frame. The next one is not read before this is done. */
  receive(frame: Frame): Promise<void> | undefined;
  /** Three bookmark intervals passed without a frame; the stream is about to be cancelled. */
  silent(): void;
  /** The stream has ended; undefined: without an error. */
  ended(error: OndutyError | undefined): Next;
}

/** A stream that is opened again until it is stopped or its reader gives up. */
export class ResumingStream<Frame> {
  readonly #reader: FrameReader<Frame>;
  readonly #backoff: Backoff;
  readonly #silence: number;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #asked = 0;

  /** Open the first stream at once. A frame must come within `silence` seconds. */
  constructor(reader: FrameReader<Frame>, backoff: Backoff, silence: number) {
    this.#reader = reader;
    this.#backoff = backoff;
    this.#silence = silence;
    this.#running = this.#run();
  }

  /** The server asked for a wait in seconds on top, before the next attempt. */
  waitLonger(seconds: number): void {
    this.#asked = Math.max(this.#asked, seconds);
  }

  /** Cancel the stream and open no other; the promise is done when the last frame is taken. */
  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#running;
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    // The maker of the stream is to have it in hand before its first frame or failure.
    await Promise.resolve();
    while (!this.#isStopped()) {
      this.#asked = 0;
      const error = await this.#readOne();
      if (this.#isStopped()) return;
      if (error instanceof OverloadedError || error instanceof UnavailableError) this.waitLonger(error.retryAfter ?? 0);
      const next = this.#reader.ended(error);
      if (next === "never") return;
      if (next === "wait") await this.#pause();
    }
  }

  async #readOne(): Promise<OndutyError | undefined> {
    let stream: FrameStream<Frame> | undefined;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => stream?.cancel();
    const fallSilent = (): void => {
      this.#reader.silent();
      cancel();
    };
    this.#stopping.signal.addEventListener("abort", cancel);
    try {
      stream = this.#reader.open();
      timer = setTimeout(fallSilent, this.#silence * 1_000);
      for await (const frame of stream) {
        clearTimeout(timer);
        if (this.#isStopped()) break;
        this.#backoff.reset();
        const taking = this.#reader.receive(frame);
        if (taking !== undefined) await taking;
        timer = setTimeout(fallSilent, this.#silence * 1_000);
      }
      return undefined;
    } catch (error) {
      return errorFrom(error);
    } finally {
      clearTimeout(timer);
      cancel();
      this.#stopping.signal.removeEventListener("abort", cancel);
    }
  }

  async #pause(): Promise<void> {
    const seconds = this.#backoff.next(this.#asked);
    await sleep(seconds * 1_000, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/**
 * Whether no further attempt can help: for what the service itself says, and for a stray status, as of a proxy, only where the stream
 * has never carried what it was opened for. A token that a function gives may be another one the next time. `also`: what ends this
 * stream beside what ends every stream.
 */
export function isFinal(
  error: OndutyError,
  token: Token | undefined,
  hasBegun: boolean,
  also: (error: OndutyError) => boolean,
): boolean {
  if (hasBegun && error.reason === "") return false;
  if (also(error)) return true;
  if (error instanceof AccessError) return error.code !== "UNAUTHENTICATED" || typeof token !== "function";
  return error instanceof InvalidRequestError || error instanceof UnsupportedError;
}
