/** Keeps a stream open: notices its silence, opens it again, and knows at every moment how old is what it brought. */
import type { ConnectError } from "@connectrpc/connect";

import { failureOf } from "./api.js";

/** How a stream is. */
export type Liveness = "connecting" | "live" | "reconnecting" | "ended";

export interface FollowOptions<Frame> {
  /** Opens the stream. */
  open(signal: AbortSignal): AsyncIterable<Frame>;
  /** Takes a frame. */
  receive(frame: Frame): void;
  /** Whether what a frame brought is not the present yet. */
  isBehind?(frame: Frame): boolean;
  /** The stream's liveness has changed. */
  changed(liveness: Liveness, error: ConnectError | undefined): void;
  /** Whether no further stream can do better. */
  isFinal(error: ConnectError): boolean;
  /** A stream that says nothing for so long is given up. */
  silenceMs: number;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;

/** A stream that is kept open until it is stopped. */
export class Follower<Frame> {
  liveness: Liveness = "connecting";
  readonly #options: FollowOptions<Frame>;
  #heard = { byWall: Date.now(), byPage: performance.now() };
  #wait = FIRST_WAIT_MS;
  #attempt: AbortController | undefined;
  #wake: (() => void) | undefined;
  #stopped = false;

  constructor(options: FollowOptions<Frame>) {
    this.#options = options;
    document.addEventListener("visibilitychange", this.#suspect);
    window.addEventListener("online", this.#suspect);
    window.addEventListener("offline", this.#suspect);
    void this.#run();
  }

  /** Milliseconds since the present was heard of. A page that slept has one clock that stood still: the other counts. */
  get age(): number {
    return Math.max(0, Date.now() - this.#heard.byWall, performance.now() - this.#heard.byPage);
  }

  /** End the stream for good. */
  stop(): void {
    this.#stopped = true;
    document.removeEventListener("visibilitychange", this.#suspect);
    window.removeEventListener("online", this.#suspect);
    window.removeEventListener("offline", this.#suspect);
    this.#attempt?.abort();
    this.#wake?.();
  }

  /** Open the stream anew, now. */
  again(): void {
    this.#wait = FIRST_WAIT_MS;
    this.#attempt?.abort();
    this.#wake?.();
  }

  /** The network or the page came back, or went: what is silent is not waited for. */
  readonly #suspect = (): void => {
    if (document.visibilityState !== "visible" && navigator.onLine) return;
    if (this.liveness !== "live" || this.age > this.#options.silenceMs / 2 || !navigator.onLine) this.again();
  };

  async #run(): Promise<void> {
    for (let error = await this.#once(); !this.#stopped; error = await this.#once()) {
      if (error !== undefined && this.#options.isFinal(error)) {
        this.#become("ended", error);
        return;
      }
      this.#become(this.liveness === "connecting" ? "connecting" : "reconnecting", error);
      await this.#pause();
      if (this.#isStopped()) return;
    }
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  async #once(): Promise<ConnectError | undefined> {
    const attempt = (this.#attempt = new AbortController());
    let watchdog = 0;
    const expect = (): void => {
      window.clearTimeout(watchdog);
      watchdog = window.setTimeout(() => {
        attempt.abort();
      }, this.#options.silenceMs);
    };
    try {
      expect();
      for await (const frame of this.#options.open(attempt.signal)) {
        const isBehind = this.#options.isBehind?.(frame) ?? false;
        if (!isBehind) this.#heard = { byWall: Date.now(), byPage: performance.now() };
        expect();
        this.#wait = FIRST_WAIT_MS;
        this.#options.receive(frame);
        if (!isBehind) this.#become("live", undefined);
      }
      return undefined;
    } catch (error) {
      return failureOf(error);
    } finally {
      window.clearTimeout(watchdog);
      attempt.abort();
    }
  }

  async #pause(): Promise<void> {
    const wait = this.#wait * (0.5 + Math.random());
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    await new Promise<void>((resolve) => {
      const timer = window.setTimeout(resolve, wait);
      this.#wake = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }

  #become(liveness: Liveness, error: ConnectError | undefined): void {
    if (this.liveness === liveness && error === undefined) return;
    this.liveness = liveness;
    this.#options.changed(liveness, error);
  }
}
