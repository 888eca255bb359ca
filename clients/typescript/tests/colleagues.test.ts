import assert from "node:assert/strict";
import { test } from "node:test";

import { status } from "@grpc/grpc-js";

import {
  NotFoundError,
  RefusedError,
  Status,
  WorkspaceClient,
  type ColleagueChange,
  type FollowerState,
} from "../src/index.js";
import { ColleaguesView } from "../src/colleagues_view.js";
import { Colleague, WatchColleaguesResponse } from "../src/v1.js";
import { connect, LIMIT_SECONDS, until } from "./support/desk.js";
import { failure, serveColleagues, type ColleagueWatch } from "./support/peer.js";

function colleague(staffId: string, status = Status.AVAILABLE): Colleague {
  return Colleague.fromPartial({ staffId, status, skillGroups: ["sales"] });
}

function chunk(position: string, last: boolean, ...colleagues: Colleague[]): WatchColleaguesResponse {
  return WatchColleaguesResponse.fromPartial({
    position,
    event: { $case: "snapshotChunk", value: { colleagues, last } },
  });
}

function changed(position: string, one: Colleague, left = false): WatchColleaguesResponse {
  const changes = [{ colleague: one, left }];
  return WatchColleaguesResponse.fromPartial({ position, event: { $case: "changes", value: { changes } } });
}

function farewell(position: string): WatchColleaguesResponse {
  return WatchColleaguesResponse.fromPartial({ position, event: { $case: "goingAway", value: {} } });
}

function told(changes: readonly ColleagueChange[]): string[] {
  return changes.map(({ kind, staffId }) => `${kind} ${staffId}`);
}

// --- the view ------------------------------------------------------------------------------------------------------------

test("a snapshot of colleagues is not shown before it is swapped in", () => {
  const view = new ColleaguesView();
  view.addChunk({ colleagues: [colleague("bob")] });
  view.addChunk({ colleagues: [colleague("ada")] });
  assert.equal(view.size, 0);
  assert.deepEqual(told(view.swapIn()), ["ADDED bob", "ADDED ada"]);
  assert.equal(view.size, 2);
});

test("colleagues are given by name without regard to case, then by id", () => {
  const view = new ColleaguesView();
  const named = (staffId: string, displayName: string): Colleague => Colleague.fromPartial({ staffId, displayName });
  const colleagues = [named("4", "Zoe"), named("3", "ben"), named("2", "Ana"), named("1", "Ben"), named("0", "")];
  view.addChunk({ colleagues });
  view.swapIn();
  assert.deepEqual(
    view.all().map(({ staffId }) => staffId),
    ["0", "2", "1", "3", "4"],
  );
});

test("a view of colleagues that is cleared tells who left, and is without what was put aside", () => {
  const view = new ColleaguesView();
  view.apply({ colleague: colleague("ada"), left: false });
  view.addChunk({ colleagues: [colleague("bob")] });
  assert.deepEqual([told(view.clear()), view.size], [["LEFT ada"], 0]);
});

test("a later snapshot of colleagues tells the differences only", () => {
  const view = new ColleaguesView();
  view.addChunk({ colleagues: [colleague("ada"), colleague("bob"), colleague("cy")] });
  view.swapIn();
  view.addChunk({ colleagues: [colleague("ada"), colleague("bob", Status.BUSY), colleague("dan")] });
  assert.deepEqual(told(view.swapIn()), ["CHANGED bob", "ADDED dan", "LEFT cy"]);
});

test("a change of a colleague tells what was shown before and after, and what is shown already is not told", () => {
  const view = new ColleaguesView();
  assert.equal(view.apply({ colleague: colleague("ada"), left: false })?.kind, "ADDED");
  assert.equal(view.apply({ colleague: colleague("ada"), left: false }), undefined);
  const change = view.apply({ colleague: colleague("ada", Status.BUSY), left: false });
  assert.deepEqual(
    [change?.kind, change?.before?.status, change?.after?.status],
    ["CHANGED", Status.AVAILABLE, Status.BUSY],
  );
});

test("a colleague who is no longer to be seen is out of the view, and is told once", () => {
  const view = new ColleaguesView();
  view.apply({ colleague: colleague("ada"), left: false });
  const left = { colleague: Colleague.fromPartial({ staffId: "ada" }), left: true };
  const change = view.apply(left);
  assert.deepEqual([change?.kind, change?.before?.status, change?.after], ["LEFT", Status.AVAILABLE, undefined]);
  assert.deepEqual([view.apply(left), view.size], [undefined, 0]);
});

// --- a server that does what the test says -------------------------------------------------------------------------------

test("colleagues are followed over a break, from the last position", async () => {
  const asked: ColleagueWatch["request"][] = [];
  const peer = await serveColleagues(
    (watch) => {
      asked.push(watch.request);
      watch.write(chunk("p1", true, colleague("bob")));
      watch.write(changed("p2", colleague("bob", Status.BUSY)));
      watch.end();
    },
    (watch) => {
      asked.push(watch.request);
      watch.write(changed("p3", colleague("bob"), true));
    },
  );
  await using connection = connect(peer.address);
  const colleagues = new WorkspaceClient(connection, "ada").colleagues();
  const changes: ColleagueChange[] = [];
  colleagues.onChange((change) => changes.push(change));
  await until(
    () => changes.length === 3,
    (check) => colleagues.onChange(check),
  );
  assert.deepEqual(told(changes), ["ADDED bob", "CHANGED bob", "LEFT bob"]);
  assert.deepEqual(
    asked.map(({ staffId, resumeAfter }) => [staffId, resumeAfter]),
    [
      ["ada", ""],
      ["ada", "p2"],
    ],
  );
  assert.deepEqual([colleagues.state, colleagues.position, colleagues.size], ["CURRENT", "p3", 0]);
  peer.stop();
});

test("where others may be seen the view is emptied at once and begins with a snapshot", async () => {
  const asked: string[] = [];
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const peer = await serveColleagues(
    (watch) => {
      watch.write(chunk("p1", true, colleague("bob")));
      watch.write(farewell(""));
      watch.end();
    },
    (watch) => {
      asked.push(watch.request.resumeAfter);
      void held.then(() => watch.write(chunk("p9", true, colleague("cy"))));
    },
  );
  await using connection = connect(peer.address);
  const colleagues = new WorkspaceClient(connection, "ada").colleagues();
  const changes: ColleagueChange[] = [];
  const states: FollowerState[] = [];
  colleagues.onChange((change) => changes.push(change));
  colleagues.onState((state) => states.push(state));
  await until(
    () => changes.length === 2,
    (check) => colleagues.onChange(check),
    "the empty view",
  );
  assert.deepEqual([colleagues.state, colleagues.size, colleagues.position], ["CONNECTING", 0, ""]);
  goOn();
  await colleagues.waitCurrent(LIMIT_SECONDS);
  assert.deepEqual(told(changes), ["ADDED bob", "LEFT bob", "ADDED cy"]);
  assert.deepEqual([asked, states, colleagues.position], [[""], ["CURRENT", "CONNECTING", "CURRENT"], "p9"]);
  peer.stop();
});

test("where colleagues are hidden from now on the view is FAILED and empty", async () => {
  const peer = await serveColleagues(
    (watch) => {
      watch.write(chunk("p1", true, colleague("bob")));
      watch.end();
    },
    (watch) => watch.emit("error", failure(status.FAILED_PRECONDITION, "COLLEAGUES_HIDDEN")),
  );
  await using connection = connect(peer.address);
  const colleagues = new WorkspaceClient(connection, "ada").colleagues();
  const changes: ColleagueChange[] = [];
  colleagues.onChange((change) => changes.push(change));
  await until(
    () => colleagues.state === "FAILED",
    (check) => colleagues.onState(check),
    "FAILED",
  );
  await until(
    () => changes.length === 2,
    (check) => colleagues.onChange(check),
    "the news",
  );
  assert.deepEqual([told(changes), colleagues.size], [["ADDED bob", "LEFT bob"], 0]);
  peer.stop();
});

test("a farewell with a position is resumed from there", async () => {
  const asked: string[] = [];
  const peer = await serveColleagues(
    (watch) => {
      watch.write(chunk("p1", true, colleague("bob")));
      watch.write(farewell("p2"));
      watch.end();
    },
    (watch) => {
      asked.push(watch.request.resumeAfter);
      watch.write(changed("p3", colleague("bob", Status.BUSY)));
    },
  );
  await using connection = connect(peer.address);
  const colleagues = new WorkspaceClient(connection, "ada").colleagues();
  await until(
    () => colleagues.get("bob")?.status === Status.BUSY,
    (check) => colleagues.onChange(check),
  );
  assert.deepEqual(asked, ["p2"]);
  peer.stop();
});

test("who may see nobody, or is not there, is told so and not tried again", async () => {
  const peer = await serveColleagues(
    (watch) => watch.emit("error", failure(status.FAILED_PRECONDITION, "COLLEAGUES_HIDDEN")),
    (watch) => watch.emit("error", failure(status.NOT_FOUND, "STAFF_UNKNOWN")),
  );
  await using connection = connect(peer.address);
  const workspace = new WorkspaceClient(connection, "ada");
  for (const kind of [RefusedError, NotFoundError]) {
    const colleagues = workspace.colleagues();
    await assert.rejects(colleagues.waitCurrent(LIMIT_SECONDS), kind);
    assert.deepEqual([colleagues.state, colleagues.lastError?.name], ["FAILED", kind.name]);
  }
  peer.stop();
});

test("closing the connection closes what follows colleagues", async () => {
  const peer = await serveColleagues((watch) => watch.write(chunk("p1", true)));
  const connection = connect(peer.address);
  const colleagues = new WorkspaceClient(connection, "ada").colleagues();
  await colleagues.waitCurrent(LIMIT_SECONDS);
  await connection.close();
  assert.equal(colleagues.state, "CLOSED");
  await assert.rejects(colleagues.waitCurrent(LIMIT_SECONDS), { code: "CANCELLED" });
  peer.stop();
});
