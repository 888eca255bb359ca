/**
 * The conformance driver: carries out the requests of tests/conformance/PROTOCOL.md with this client.
 *
 * It judges nothing; the runner does.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import type { JsonValue } from "@bufbuild/protobuf";

import {
  Connection,
  type ConnectionOptions,
  type Floor,
  type FloorOptions,
  type Outbox,
  type OutboxOptions,
  type WorkspaceClient,
} from "../src/index.js";
import { Staff } from "../src/v1.js";
import { call, openStream } from "./calls.js";
import { messageOfJson } from "./codec.js";
import { errorJson, errorsKind, errorsTable } from "./errors_json.js";
import { openFloor, readFloor } from "./floors.js";
import { eventOfJson, jsonOfEvents, openOutbox } from "./outboxes.js";
import { RawStream } from "./raw_stream.js";
import { actOn, openWorkspace, readWorkspace } from "./workspaces.js";

/** Write one message to the runner. */
export type Tell = (message: Record<string, JsonValue>) => void;

interface Request {
  readonly id: JsonValue;
  readonly do: string;
  readonly connection: string;
  readonly name: string;
  readonly stream: string;
  readonly floor: string;
  readonly workspace: string;
  readonly options?: object;
  readonly method: string;
  readonly request?: unknown;
  readonly filter?: unknown;
  readonly staff?: unknown;
  readonly timeout?: number;
  readonly skill_group?: string;
  readonly staff_id: string;
  readonly action: string;
  readonly arguments?: unknown;
  readonly outbox: string;
  readonly fact?: unknown;
  readonly code: string;
  readonly reason?: string;
}

const FEATURES = ["call", "stream", "floor", "workspace", "outbox", "errors"];
const PACKAGE = new URL("../../package.json", import.meta.url);
const DEFAULT_WAIT_SECONDS = 10;

const connections = new Map<string, Connection>();
const streams = new Map<string, RawStream>();
const floors = new Map<string, Floor>();
const workspaces = new Map<string, WorkspaceClient>();
const outboxes = new Map<string, Outbox>();

const tell: Tell = (message) => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

type Verb = (request: Request) => Promise<JsonValue> | JsonValue;

const VERBS: Readonly<Record<string, Verb>> = {
  hello: () => ({ language: "typescript", client: version(), features: FEATURES }),
  connect: (request) => {
    connections.set(request.name, new Connection(camelCased(request.options) as ConnectionOptions));
    return {};
  },
  call: async (request) => ({
    response: await call(connection(request), request.method, request.request, request.timeout),
  }),
  "stream.open": (request) => {
    const { messages, toJson } = openStream(connection(request), request.method, request.request);
    streams.set(request.stream, new RawStream(request.stream, messages, toJson, tell));
    return {};
  },
  "stream.pause": (request) => {
    of(streams, "stream", request.stream).pause();
    return {};
  },
  "stream.resume": (request) => {
    of(streams, "stream", request.stream).resume();
    return {};
  },
  "stream.cancel": async (request) => {
    await of(streams, "stream", request.stream).cancel();
    return {};
  },
  "floor.open": (request) => {
    const options = camelCased(request.options) as FloorOptions;
    floors.set(request.floor, openFloor(connection(request), request.floor, request.filter, options, tell));
    return {};
  },
  "floor.wait": async (request) => {
    await of(floors, "floor", request.floor).waitCurrent(request.timeout ?? DEFAULT_WAIT_SECONDS);
    return {};
  },
  "floor.read": (request) => readFloor(of(floors, "floor", request.floor)),
  "floor.available": (request) => {
    const staff = of(floors, "floor", request.floor).available(request.skill_group ?? "");
    return { staff_ids: staff.map((person) => person.staffId) };
  },
  "floor.learn": (request) => {
    of(floors, "floor", request.floor).learn(messageOfJson("Staff", Staff, request.staff));
    return {};
  },
  "floor.close": async (request) => {
    await of(floors, "floor", request.floor).close();
    return {};
  },
  "outbox.open": (request) => {
    const options = camelCased(request.options) as OutboxOptions;
    outboxes.set(request.outbox, openOutbox(connection(request), request.outbox, options, tell));
    return {};
  },
  "outbox.add": (request) => ({
    request_id: of(outboxes, "outbox", request.outbox).add(eventOfJson(request.fact)),
  }),
  "outbox.flush": async (request) => {
    await of(outboxes, "outbox", request.outbox).flush(request.timeout ?? DEFAULT_WAIT_SECONDS);
    return {};
  },
  "outbox.close": async (request) => ({
    left: jsonOfEvents(await of(outboxes, "outbox", request.outbox).close(request.timeout)),
  }),
  "errors.kind": (request) => ({ kind: errorsKind(request.code, request.reason ?? "") }),
  "workspace.open": (request) => {
    workspaces.set(request.workspace, openWorkspace(connection(request), request.workspace, request.staff_id, tell));
    return {};
  },
  "workspace.wait": async (request) => {
    await of(workspaces, "workspace", request.workspace).waitAttached(request.timeout ?? DEFAULT_WAIT_SECONDS);
    return {};
  },
  "workspace.do": async (request) => ({
    response: await actOn(of(workspaces, "workspace", request.workspace), request.action, request.arguments),
  }),
  "workspace.read": (request) => readWorkspace(of(workspaces, "workspace", request.workspace)),
  "workspace.close": async (request) => {
    await of(workspaces, "workspace", request.workspace).detach();
    return {};
  },
  "errors.table": () => ({ reasons: errorsTable() }),
  disconnect: async (request) => {
    await connection(request).close();
    return {};
  },
};

async function answer(line: string): Promise<void> {
  let id: JsonValue = null;
  try {
    const request = JSON.parse(line) as Request;
    id = request.id;
    const verb = Object.hasOwn(VERBS, request.do) ? VERBS[request.do] : undefined;
    if (verb === undefined) throw new TypeError(`there is no verb ${request.do}`);
    tell({ id, ok: await verb(request) });
  } catch (error) {
    tell({ id, error: errorJson(error) });
  }
}

function connection(request: Request): Connection {
  return of(connections, "connection", request.connection);
}

function of<T>(named: ReadonlyMap<string, T>, kind: string, name: string): T {
  const found = named.get(name);
  if (found === undefined) throw new TypeError(`there is no ${kind} ${name}`);
  return found;
}

function camelCased(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options ?? {};
  const entries = Object.entries(options).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([field, value]) => [
      field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      typeof value === "object" ? camelCased(value) : (value as unknown),
    ]),
  );
}

function version(): string {
  return (JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version;
}

for await (const line of createInterface({ input: process.stdin })) {
  // Requests overlap: this one is answered when it is done, the next one is read at once.
  if (line.trim() !== "") void answer(line);
}
await Promise.all([...connections.values()].map((each) => each.close()));
process.exitCode = 0;
