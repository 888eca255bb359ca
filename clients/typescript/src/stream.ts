/**
 * One server stream: read it with `for await`, end it with `cancel()`.
 *
 * It opens nothing by itself and never opens anything again.
 */
import { once } from "node:events";

import type { ClientReadableStream } from "@grpc/grpc-js";

import { errorOfCall } from "./error_details.js";

/**
 * The messages of one server stream. They are read one by one: who does not read holds the server up, not the memory.
 *
 * Reading ends quietly when the server ends the stream or `cancel()` does, and throws an OndutyError where the stream failed.
 */
export class ServerStream<T> implements AsyncIterable<T> {
  readonly #opening: Promise<ClientReadableStream<T>>;
  readonly #ended: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #cancelling = new AbortController();
  #call: ClientReadableStream<T> | undefined;

  /** Made by a connection only. `ended` is called once when the call is over. */
  constructor(opening: Promise<ClientReadableStream<T>>, ended: () => void, signal?: AbortSignal) {
    this.#opening = opening;
    this.#ended = ended;
    this.#signal = signal;
    signal?.addEventListener("abort", this.cancel);
    opening.then(this.#opened, this.#over);
  }

  /** End the stream. May be called at any time and more than once. */
  readonly cancel = (): void => {
    this.#cancelling.abort();
    this.#call?.cancel();
  };

  /** Read the messages; once only. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      const call = await Promise.race([this.#opening, this.#untilCancelled()]);
      if (call !== undefined) yield* call;
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (!this.#cancelling.signal.aborted) throw errorOfCall(error, "", false);
    } finally {
      this.cancel();
    }
    this.#signal?.throwIfAborted();
  }

  // Opening may wait for a token; a reader that cancels does not.
  async #untilCancelled(): Promise<undefined> {
    const { signal } = this.#cancelling;
    if (!signal.aborted) await once(signal, "abort");
  }

  readonly #opened = (call: ClientReadableStream<T>): void => {
    this.#call = call;
    // Without a listener an error would be thrown at the process; the reader gets it as well.
    call.on("error", () => undefined);
    void once(call, "status").then(this.#over, this.#over);
    if (this.#cancelling.signal.aborted) call.cancel();
  };

  readonly #over = (): void => {
    this.#signal?.removeEventListener("abort", this.cancel);
    this.#ended();
  };
}
