/**
 * The protocol's verbs for outboxes.
 *
 * It tells what is settled as events; it judges nothing.
 */
import type { JsonValue } from "@bufbuild/protobuf";

import { RouterClient, type Connection, type Outbox, type OutboxOptions } from "../src/index.js";
import { CallEvent } from "../src/v1.js";
import { jsonOf, messageOfJson } from "./codec.js";
import type { Tell } from "./driver.js";
import { errorJson } from "./errors_json.js";

/** Open an outbox whose settled facts are told as events. */
export function openOutbox(connection: Connection, name: string, options: OutboxOptions, tell: Tell): Outbox {
  return new RouterClient(connection).outbox({
    ...options,
    onSettled: ({ requestId, error }) => {
      const told = error === undefined ? null : errorJson(error);
      tell({ event: "settled", outbox: name, request_id: requestId, error: told });
    },
  });
}

/** The fact that the JSON describes. */
export function eventOfJson(json: unknown): CallEvent {
  return messageOfJson("CallEvent", CallEvent, json);
}

/** The JSON of facts. */
export function jsonOfEvents(events: readonly CallEvent[]): JsonValue {
  return events.map((event) => jsonOf("CallEvent", CallEvent, event));
}
