import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { status } from "@grpc/grpc-js";

import {
  AccessError,
  Connection,
  OndutyError,
  RouterClient,
  Status,
  TimedOutError,
  WorkspaceClient,
  type Floor,
  type FloorChange,
  type FloorState,
} from "../src/index.js";
import { DeleteStaffRequest, AdminServiceService, WatchStaffResponse } from "../src/v1.js";
import { becomes, connect, createStaff, LIMIT_SECONDS, signIn, until } from "./support/desk.js";
import { needsServer, OndutyServer, steadyAddress } from "./support/onduty_server.js";
import { failure, serveWatches, type Watch } from "./support/peer.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

function floorOf(connection: Connection, options: Parameters<RouterClient["floor"]>[1] = {}): Floor {
  return new RouterClient(connection).floor({}, options);
}

function whenState(floor: Floor, state: FloorState): Promise<void> {
  return until(
    () => floor.state === state,
    (check) => floor.onState(check),
    state,
  );
}

function whenChanged(floor: Floor, condition: () => boolean): Promise<void> {
  return until(condition, (check) => floor.onChange(check), "the change");
}

function told(changes: readonly FloorChange[]): string[] {
  return changes.map(({ kind, staffId, revision }) => `${kind} ${staffId} ${revision}`);
}

// --- frames for a server that does what the test says -------------------------------------------------------------------

const person = (staffId: string, revision: bigint): object => ({
  staffId,
  revision,
  status: Status.AVAILABLE,
  capabilities: { assignInbound: true },
});

function chunk(position: string, last: boolean, ...staff: object[]): WatchStaffResponse {
  return WatchStaffResponse.fromPartial({ position, event: { $case: "snapshotChunk", value: { staff, last } } });
}

function changed(position: string, staffId: string, revision: bigint): WatchStaffResponse {
  const change = { staff: person(staffId, revision), transition: { staffId, revision } };
  return WatchStaffResponse.fromPartial({ position, event: { $case: "changes", value: { changes: [change] } } });
}

const bookmark = (position: string): WatchStaffResponse =>
  WatchStaffResponse.fromPartial({ position, event: { $case: "bookmark", value: {} } });

function sends(...frames: WatchStaffResponse[]): (watch: Watch) => void {
  return (watch) => {
    for (const frame of frames) watch.write(frame);
  };
}

function sendsAndEnds(...frames: WatchStaffResponse[]): (watch: Watch) => void {
  return (watch) => {
    sends(...frames)(watch);
    watch.end();
  };
}

// --- the real server ----------------------------------------------------------------------------------------------------

test("a floor begins with a snapshot and follows every change", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const floor = floorOf(connection);
  const changes: FloorChange[] = [];
  floor.onChange((change) => changes.push(change));
  await floor.waitCurrent(LIMIT_SECONDS);
  assert.deepEqual(told(changes), ["ADDED ada 1"]);
  await signIn(connection, "ada");
  await whenChanged(floor, () => floor.get("ada")?.status === Status.AVAILABLE);
  const last = changes.at(-1);
  assert.deepEqual([last?.before?.status, last?.after?.status], [Status.OFFLINE, Status.AVAILABLE]);
  assert.deepEqual([last?.transition?.previousStatus, last?.revision], [Status.OFFLINE, 2n]);
  assert.deepEqual([floor.size, floor.available("sales").length, floor.available("other").length], [1, 1, 0]);
});

test("who is deleted leaves the floor", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const floor = floorOf(connection);
  await floor.waitCurrent(LIMIT_SECONDS);
  await connection.call(AdminServiceService.deleteStaff, DeleteStaffRequest.fromPartial({ staffId: "ada" }));
  await whenChanged(floor, () => floor.size === 0);
});

test("a floor resumes after the server restarts, and misses nothing", needsServer, async () => {
  const restarted = await new OndutyServer(await steadyAddress()).start();
  await using connection = connect(restarted.address);
  await createStaff(connection, "ada", "bob");
  const floor = floorOf(connection);
  const changes: FloorChange[] = [];
  floor.onChange((change) => changes.push(change));
  await floor.waitCurrent(LIMIT_SECONDS);
  await restarted.stop();
  await whenState(floor, "STALE");
  await restarted.start();
  await using other = connect(restarted.address, { tenant: connection.settings.tenant });
  await signIn(other, "ada");
  await whenChanged(floor, () => floor.get("ada")?.status === Status.AVAILABLE);
  assert.equal(floor.state, "CURRENT");
  assert.deepEqual(told(changes), ["ADDED ada 1", "ADDED bob 2", "CHANGED ada 3"]);
  await floor.close();
  await restarted.remove();
});

test("closing a floor ends its stream at once and may be done twice", needsServer, async () => {
  await using connection = connect(server.address);
  const floor = floorOf(connection);
  const states: FloorState[] = [];
  floor.onState((state) => states.push(state));
  await floor.waitCurrent(LIMIT_SECONDS);
  await Promise.all([floor.close(), floor.close()]);
  assert.deepEqual([states, floor.available()], [["CURRENT", "CLOSED"], []]);
  await assert.rejects(floor.waitCurrent(LIMIT_SECONDS), { name: "OndutyError", code: "CANCELLED" });
});

test("closing waits for a handler that runs", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const floor = floorOf(connection);
  let [isEntered, isLeft] = [false, false];
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const entered = new Promise<void>((resolve) => {
    floor.onChange(async () => {
      resolve();
      await held;
      isLeft = true;
    });
  });
  await entered.then(() => (isEntered = true));
  const closing = floor.close().then(() => isLeft);
  goOn();
  assert.deepEqual([isEntered, await closing], [true, true]);
});

test("a handler can close its own floor and connection", needsServer, async () => {
  const connection = connect(server.address);
  await createStaff(connection, "ada");
  const floor = floorOf(connection);
  const closed = new Promise<void>((resolve) => {
    floor.onChange(async () => {
      await floor.close();
      await connection.close();
      resolve();
    });
  });
  await closed;
  assert.equal(floor.state, "CLOSED");
});

test("a handler that throws harms nothing", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const errors: unknown[] = [];
  const floor = floorOf(connection, { onError: (error) => errors.push(error) });
  const seen: string[] = [];
  const mistake = new Error("a mistake");
  floor.onChange(() => {
    throw mistake;
  });
  floor.onChange(({ staffId }) => seen.push(staffId));
  await floor.waitCurrent(LIMIT_SECONDS);
  await createStaff(connection, "bob");
  await whenChanged(floor, () => floor.size === 2);
  assert.deepEqual(
    [errors, seen],
    [
      [mistake, mistake],
      ["ada", "bob"],
    ],
  );
});

test("two floors of one connection follow on their own", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const router = new RouterClient(connection);
  const all = router.floor();
  const signedIn = router.floor({ statuses: [Status.AVAILABLE] });
  await Promise.all([all.waitCurrent(LIMIT_SECONDS), signedIn.waitCurrent(LIMIT_SECONDS)]);
  assert.deepEqual([all.size, signedIn.size], [1, 0]);
  await new WorkspaceClient(connection, "ada").changeStatus(Status.AVAILABLE);
  await whenChanged(signedIn, () => signedIn.size === 1);
});

// --- a server that does what the test says ------------------------------------------------------------------------------

test("nobody is available before the snapshot is complete", async () => {
  const peer = await serveWatches(sends(chunk("", false, person("ada", 1n))));
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  await becomes(() => floor.lastFrameAge !== undefined, "the first chunk");
  await assert.rejects(floor.waitCurrent(0.05), TimedOutError);
  assert.deepEqual([floor.state, floor.available(), floor.size], ["CONNECTING", [], 0]);
  peer.stop();
});

test("a first snapshot cut short is opened again without position", async () => {
  const asked: string[] = [];
  const noting = (script: (watch: Watch) => void) => (watch: Watch) => {
    asked.push(watch.request.resumeAfter);
    script(watch);
  };
  const peer = await serveWatches(
    noting(sendsAndEnds(chunk("early", false, person("ghost", 1n)))),
    noting(sends(chunk("p2", true, person("ada", 2n)))),
  );
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  await floor.waitCurrent(LIMIT_SECONDS);
  assert.deepEqual([asked, floor.all().map(({ staffId }) => staffId)], [["", ""], ["ada"]]);
  peer.stop();
});

test("a stream that ends is resumed after the last position, also one of a frame of an unknown kind", async () => {
  const asked: string[] = [];
  const unknown = WatchStaffResponse.fromPartial({ position: "p3" });
  const peer = await serveWatches(
    sendsAndEnds(chunk("p1", true, person("ada", 1n)), changed("p2", "ada", 2n), unknown),
    (watch) => {
      asked.push(watch.request.resumeAfter);
      watch.write(changed("p4", "ada", 4n));
    },
  );
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  await whenChanged(floor, () => floor.get("ada")?.revision === 4n);
  assert.deepEqual([asked, floor.position, floor.state], [["p3"], "p4", "CURRENT"]);
  peer.stop();
});

test("a position that is refused is followed by a fresh watch, with the old view until its snapshot", async () => {
  const asked: string[] = [];
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const peer = await serveWatches(
    sendsAndEnds(chunk("p1", true, person("ada", 5n), person("bob", 6n))),
    (watch) => {
      watch.emit("error", failure(status.OUT_OF_RANGE, "POSITION_TOO_OLD"));
    },
    (watch) => {
      asked.push(watch.request.resumeAfter);
      watch.write(chunk("", false, person("ada", 5n)));
      void held.then(() => watch.write(chunk("p9", true, person("cy", 7n))));
    },
  );
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  const changes: FloorChange[] = [];
  floor.onChange((change) => changes.push(change));
  await floor.waitCurrent(LIMIT_SECONDS);
  await whenState(floor, "STALE");
  assert.equal(floor.size, 2);
  goOn();
  await whenState(floor, "CURRENT");
  await whenChanged(floor, () => changes.length === 4);
  assert.deepEqual(told(changes), ["ADDED ada 5", "ADDED bob 6", "ADDED cy 7", "LEFT bob 0"]);
  assert.deepEqual([asked, floor.position], [[""], "p9"]);
  peer.stop();
});

test("a position that another version of the server cannot read is followed by a fresh watch", async () => {
  const asked: string[] = [];
  const peer = await serveWatches(
    sendsAndEnds(chunk("p1", true, person("ada", 5n))),
    (watch) => {
      watch.emit("error", failure(status.INVALID_ARGUMENT, "POSITION_MALFORMED"));
    },
    (watch) => {
      asked.push(watch.request.resumeAfter);
      watch.write(chunk("p9", true, person("ada", 6n)));
    },
  );
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  await whenChanged(floor, () => floor.get("ada")?.revision === 6n);
  assert.deepEqual([asked, floor.position], [[""], "p9"]);
  peer.stop();
});

test("a floor that may not watch gives up", async () => {
  const peer = await serveWatches((watch) => {
    watch.emit("error", failure(status.PERMISSION_DENIED, "PERMISSION_DENIED"));
  });
  await using connection = connect(peer.address);
  const floor = floorOf(connection);
  await assert.rejects(floor.waitCurrent(LIMIT_SECONDS), AccessError);
  assert.deepEqual([floor.state, floor.available()], ["FAILED", []]);
  await assert.rejects(floor.waitCurrent(LIMIT_SECONDS), AccessError);
  peer.stop();
});

test("an unauthenticated floor gives up with a fixed token and asks a token function again", async () => {
  const peer = await serveWatches(
    (watch) => watch.emit("error", failure(status.UNAUTHENTICATED, "UNAUTHENTICATED")),
    (watch) => watch.emit("error", failure(status.UNAUTHENTICATED, "UNAUTHENTICATED")),
    sends(chunk("p1", true)),
  );
  await using fixed = connect(peer.address, { token: "old" });
  await assert.rejects(floorOf(fixed).waitCurrent(LIMIT_SECONDS), AccessError);
  await using asked = connect(peer.address, { token: () => "new" });
  await floorOf(asked).waitCurrent(LIMIT_SECONDS);
  peer.stop();
});

test("the server's wish to wait is granted", async () => {
  let firstEndedAt = 0;
  let waited = 0;
  const peer = await serveWatches(
    (watch) => {
      watch.write(chunk("p1", true));
      watch.write(
        WatchStaffResponse.fromPartial({
          position: "p2",
          event: { $case: "goingAway", value: { reconnectAfter: { seconds: 0n, nanos: 300_000_000 } } },
        }),
      );
      watch.end();
      firstEndedAt = performance.now();
    },
    (watch) => {
      waited = performance.now() - firstEndedAt;
      watch.write(bookmark(watch.request.resumeAfter));
    },
  );
  await using connection = connect(peer.address, { backoffInitial: 0.001 });
  const floor = floorOf(connection);
  await whenState(floor, "STALE");
  await whenState(floor, "CURRENT");
  assert.ok(waited >= 290, `${waited} ms`); // timers count in whole milliseconds
  assert.equal(floor.position, "p2");
  peer.stop();
});

test("a silent stream makes the floor stale and is opened again", async () => {
  const asked: string[] = [];
  let sentAt = 0;
  const silent = new Set<Watch>();
  const peer = await serveWatches((watch) => {
    const { resumeAfter } = watch.request;
    asked.push(resumeAfter);
    if (resumeAfter === "") {
      silent.add(watch.on("cancelled", () => silent.delete(watch)));
      sentAt = performance.now();
      watch.write(chunk("p1", true, person("ada", 1n)));
    } else {
      watch.write(bookmark("p2"));
    }
  });
  await using connection = connect(peer.address);
  const floor = floorOf(connection, { bookmarkInterval: 1 });
  await floor.waitCurrent(LIMIT_SECONDS);
  await whenState(floor, "STALE");
  assert.ok(performance.now() - sentAt >= 2_900, "three bookmark intervals");
  assert.equal(floor.size, 1);
  await whenState(floor, "CURRENT");
  assert.equal(
    asked.find((position) => position !== ""),
    "p1",
  );
  await becomes(() => silent.size === 0, "the end of the silent stream");
  peer.stop();
});

test("beyond the trust limit without a frame nobody is available", async (t) => {
  const peer = await serveWatches(sends(chunk("p1", true, person("ada", 1n))));
  await using connection = connect(peer.address, { bookmarkInterval: 60 });
  const floor = floorOf(connection, { trustLimit: 3_600 });
  await floor.waitCurrent(LIMIT_SECONDS);
  assert.equal(floor.available().length, 1);
  const now = performance.now.bind(performance);
  const clock = t.mock.method(performance, "now", () => now() + 3_000_000);
  assert.equal(floor.available().length, 1);
  assert.ok((floor.lastFrameAge ?? 0) > 2_999);
  clock.mock.mockImplementation(() => now() + 3_600_001);
  assert.deepEqual([floor.available(), floor.size], [[], 1]);
  clock.mock.restore();
  assert.equal(floor.available().length, 1);
  peer.stop();
});

test("waiting for a floor that cannot connect tells why", async () => {
  await using connection = connect("127.0.0.1:1");
  const floor = floorOf(connection);
  await becomes(() => floor.lastError !== undefined, "the first failure");
  await assert.rejects(floor.waitCurrent(0.05), (error) => {
    assert.ok(error instanceof TimedOutError && error.cause instanceof OndutyError);
    return error.cause.code === "UNAVAILABLE";
  });
});

test("waiting ends with the signal's reason", async () => {
  await using connection = connect("127.0.0.1:1");
  await assert.rejects(
    floorOf(connection).waitCurrent(LIMIT_SECONDS, AbortSignal.abort(new Error("enough"))),
    /enough/,
  );
});
