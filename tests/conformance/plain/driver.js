// The verbs of the protocol that need no client: calls and raw streams. Floors and workspaces are not its work.
import { createInterface } from "node:readline";
import { status } from "@grpc/grpc-js";
import { Connection, DriverError } from "./connection.js";

const connections = new Map();
const streams = new Map();

const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function known(kind, map, name) {
  const found = map.get(name);
  if (!found) throw new DriverError(`there is no ${kind} ${JSON.stringify(name)}`);
  return found;
}

const connectionOf = (request) => known("connection", connections, request.connection);
const streamOf = (request) => known("stream", streams, request.stream);

const verbs = {
  hello: () => ({ language: "plain", client: "", features: ["call", "stream"] }),
  connect: ({ name, options }) => {
    connections.set(name, new Connection(options));
    return {};
  },
  call: async (request) => ({
    response: await connectionOf(request).call(request.method, request.request, request.timeout),
  }),
  "stream.open": openStream,
  "stream.pause": (request) => (streamOf(request).stream.pause(), {}),
  "stream.resume": (request) => (streamOf(request).stream.resume(), {}),
  "stream.cancel": async (request) => {
    const open = streamOf(request);
    open.stream.cancel();
    open.stream.resume();
    await open.ended;
    return {};
  },
  disconnect: async (request) => {
    const connection = connectionOf(request);
    for (const [name, open] of streams) {
      if (open.connection === connection) await verbs["stream.cancel"]({ stream: name });
    }
    connection.close();
    connections.delete(request.connection);
    return {};
  },
};

async function openStream({ connection: name, stream: called, method, request }) {
  const connection = known("connection", connections, name);
  const { stream, frame } = await connection.open(method, request);
  const ended = new Promise((resolve) => {
    stream.on("data", (message) => write({ event: "frame", stream: called, frame: frame(message) }));
    stream.on("error", () => {});
    stream.on("status", (end) => {
      const quiet = end.code === status.OK || end.code === status.CANCELLED;
      write({ event: "end", stream: called, error: quiet ? null : connection.error(end) });
      streams.delete(called);
      resolve();
    });
  });
  streams.set(called, { connection, stream, ended });
  return {};
}

async function answer(request) {
  const { id } = request;
  try {
    if (!Object.hasOwn(verbs, request.do)) throw new DriverError(`no such verb: ${request.do}`);
    write({ id, ok: await verbs[request.do](request) });
  } catch (failure) {
    const own = failure instanceof DriverError || typeof failure.code !== "number";
    const connection = connections.get(request.connection);
    write({ id, error: own || !connection ? driverError(failure) : connection.error(failure) });
  }
}

const driverError = (failure) => ({ kind: "DriverError", message: String(failure.message ?? failure) });

const answering = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const one = answer(JSON.parse(line)).finally(() => answering.delete(one));
  answering.add(one);
}
for (const name of streams.keys()) await verbs["stream.cancel"]({ stream: name });
await Promise.all(answering);
for (const connection of connections.values()) connection.close();
