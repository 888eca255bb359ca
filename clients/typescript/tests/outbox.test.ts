import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  NotFoundError,
  OndutyError,
  RouterClient,
  Status,
  TimedOutError,
  UnavailableError,
  type Connection,
  type SettledFact,
} from "../src/index.js";
import { FactOutcome, WorkspaceServiceService } from "../src/v1.js";
import { becomes, connect, createStaff, LIMIT_SECONDS } from "./support/desk.js";
import { needsServer, OndutyServer, steadyAddress } from "./support/onduty_server.js";

const NOBODY_THERE = "127.0.0.1:1";

const server = new OndutyServer();
const connections: Connection[] = [];

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await server.remove();
});

function connected(...args: Parameters<typeof connect>): Connection {
  const connection = connect(...args);
  connections.push(connection);
  return connection;
}

async function statusOf(connection: Connection, staffId: string): Promise<Status | undefined> {
  const answer = await connection.call(WorkspaceServiceService.getStaff, { staffId, atLeast: "" });
  return answer.staff?.status;
}

test("facts are taken and told, and a refused one holds up no other", needsServer, async () => {
  const connection = connected(server.address);
  await createStaff(connection, "ana");
  const told: SettledFact[] = [];
  const outbox = new RouterClient(connection).outbox({ onSettled: (fact) => told.push(fact) });
  const ids = [
    outbox.callStarted({ staffId: "nobody", callId: "c0" }),
    outbox.callStarted({ staffId: "ana", callId: "c1" }),
    outbox.callEnded({ staffId: "ana", callId: "c1", requestId: "mine" }),
  ];
  await outbox.flush(LIMIT_SECONDS);
  assert.deepEqual(
    told.map(({ requestId }) => requestId),
    ids,
  );
  assert.ok(told[0]?.error instanceof NotFoundError);
  assert.deepEqual(
    told.slice(1).map(({ taken }) => taken?.outcome),
    [FactOutcome.APPLIED, FactOutcome.APPLIED],
  );
  assert.deepEqual([outbox.size, outbox.sizeBytes, outbox.lastError], [0, 0, undefined]);
});

test("a fact that is given when the last one was told is delivered too", needsServer, async () => {
  const connection = connected(server.address);
  await createStaff(connection, "ana");
  const outbox = new RouterClient(connection).outbox();
  for (let call = 0; call < 20; call += 1) {
    outbox.callStarted({ staffId: "ana", callId: `c${call}` });
    await outbox.flush(LIMIT_SECONDS);
  }
  assert.equal(outbox.size, 0);
});

test("facts outlive an outage: all are taken in order, and nobody is left in a call", needsServer, async () => {
  const own = new OndutyServer(await steadyAddress());
  try {
    await own.start();
    const connection = connected(own.address, { callTimeout: 0.5 });
    const people = ["a", "b", "c", "d", "e"];
    await createStaff(connection, ...people);
    const outbox = new RouterClient(connection).outbox();
    for (const staffId of people) outbox.callStarted({ staffId, callId: `c-${staffId}` });
    await own.stop("SIGKILL");
    for (const staffId of people) outbox.callEnded({ staffId, callId: `c-${staffId}` });
    await becomes(() => outbox.lastError !== undefined, "an attempt that failed");
    await own.start();
    await outbox.flush(LIMIT_SECONDS);
    for (const staffId of people) assert.notEqual(await statusOf(connection, staffId), Status.IN_LINE);
    await connection.close();
  } finally {
    await own.remove();
  }
});

test("what is left at the end is given back and told; another outbox delivers it", needsServer, async () => {
  const connection = connected(server.address);
  await createStaff(connection, "ana");
  const told: SettledFact[] = [];
  const outbox = new RouterClient(connected(NOBODY_THERE)).outbox({ onSettled: (fact) => told.push(fact) });
  const requestId = outbox.callStarted({ staffId: "ana", callId: "c1" });
  const [left, ...others] = await outbox.close(0);
  assert.ok(left !== undefined && others.length === 0);
  assert.deepEqual(
    told.map(({ requestId: id, error }) => [id, error?.code]),
    [[requestId, "CANCELLED"]],
  );
  assert.throws(() => outbox.add(left), OndutyError);
  await assert.rejects(outbox.flush(1), OndutyError);
  const second = new RouterClient(connection).outbox();
  assert.equal(second.add(left), requestId);
  await second.flush(LIMIT_SECONDS);
  assert.equal(await statusOf(connection, "ana"), Status.IN_LINE);
});

test("the end of a connection delivers first what was given just before it", needsServer, async () => {
  const connection = connected(server.address);
  const { tenant } = connection.settings;
  await createStaff(connection, "ana");
  const closing = connect(server.address, { tenant });
  new RouterClient(closing).outbox().callStarted({ staffId: "ana", callId: "c1" });
  await closing.close();
  assert.equal(await statusOf(connection, "ana"), Status.IN_LINE);
});

test("facts wait for a server that is not reached, unless they are to fail fast; claims do not", async () => {
  const fact = { staffId: "ana", callId: "c1" };
  const away = new RouterClient(connected(NOBODY_THERE, { callTimeout: 3 }));
  await assert.rejects(away.callStarted(fact), TimedOutError);
  await assert.rejects(away.claim(fact), UnavailableError);
  const quick = new RouterClient(connected(NOBODY_THERE, { callTimeout: 3, factsFailFast: true }));
  await assert.rejects(quick.callEnded(fact), UnavailableError);
});

test("a handler may close the connection, and what it has started may wait for the end", needsServer, async () => {
  const connection = connected(server.address);
  let waited: Promise<void> | undefined;
  const closed = new Promise<void>((resolve, reject) => {
    const outbox = new RouterClient(connection).outbox({
      onSettled: async () => {
        waited = new Promise((later) => setImmediate(later)).then(() => connection.close());
        await connection.close();
        resolve();
      },
    });
    outbox.callStarted({ staffId: "nobody", callId: "c1" });
    setTimeout(reject, LIMIT_SECONDS * 1_000).unref();
  });
  await closed;
  await connection.close();
  await waited;
});

test("the bounds of an outbox are held", () => {
  const router = new RouterClient(connected(NOBODY_THERE));
  for (const options of [{ mostFacts: 0 }, { mostBytes: 0.5 }, { keepSeconds: 0 }, { keepSeconds: 100_000 }]) {
    assert.throws(() => router.outbox(options), RangeError);
  }
});
