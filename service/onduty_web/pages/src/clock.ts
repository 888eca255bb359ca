/** The server's clock as this page knows it: what is counted down is counted by it, whatever this machine's clock says. */
import type { Timestamp } from "@bufbuild/protobuf/wkt";

import { CALL, type Api } from "./api.js";

/** Milliseconds since the epoch by the server's clock, from a monotonic one that is set anew with every stream. */
export class ServerClock {
  #ahead = Date.now() - performance.now();

  /** The server's present. */
  now(): number {
    return performance.now() + this.#ahead;
  }

  /** Ask the server; half the round trip is its age. */
  async set(api: Api): Promise<void> {
    const sentAt = performance.now();
    const { answeredAt } = await api.server.getServerInfo({}, CALL);
    const takenAt = performance.now();
    if (answeredAt !== undefined) this.#ahead = instant(answeredAt) - (sentAt + takenAt) / 2;
  }
}

/** An instant in milliseconds since the epoch. */
export function instant(timestamp: Timestamp): number {
  return Number(timestamp.seconds) * 1000 + timestamp.nanos / 1e6;
}

/** Calls back at every full second of a clock. Stop it with what it gives back. */
export function everySecond(clock: ServerClock, tick: () => void): () => void {
  let timer = 0;
  const run = (): void => {
    tick();
    timer = window.setTimeout(run, 1000 - (clock.now() % 1000) + 5);
  };
  timer = window.setTimeout(run, 1000 - (clock.now() % 1000) + 5);
  return () => {
    window.clearTimeout(timer);
  };
}
