/**
 * Reads one raw stream for the runner: tells its frames as events, stops and goes on reading when told.
 *
 * It opens the stream once and never again.
 */
import type { JsonValue } from "@bufbuild/protobuf";

import type { Tell } from "./driver.js";
import { errorJson } from "./errors_json.js";

/** The messages of the stream. */
export interface Messages extends AsyncIterable<object> {
  cancel(): void;
}

/** A stream that is being read. */
export class RawStream {
  readonly #messages: Messages;
  readonly #done: Promise<void>;
  #paused: Promise<void> | undefined;
  #goOn: () => void = () => undefined;

  /** Begin to read. */
  constructor(name: string, messages: Messages, toJson: (message: object) => JsonValue, tell: Tell) {
    this.#messages = messages;
    this.#done = this.#read(name, toJson, tell);
  }

  /** Stop reading; the stream stays open. */
  pause(): void {
    this.#paused ??= new Promise((resolve) => (this.#goOn = resolve));
  }

  /** Go on reading. */
  resume(): void {
    this.#paused = undefined;
    this.#goOn();
  }

  /** End the stream; the promise is done when it has ended. */
  async cancel(): Promise<void> {
    this.#messages.cancel();
    this.resume();
    await this.#done;
  }

  async #read(name: string, toJson: (message: object) => JsonValue, tell: Tell): Promise<void> {
    try {
      for await (const message of this.#messages) {
        await this.#paused;
        tell({ event: "frame", stream: name, frame: toJson(message) });
      }
      tell({ event: "end", stream: name, error: null });
    } catch (error) {
      tell({ event: "end", stream: name, error: errorJson(error) });
    }
  }
}
