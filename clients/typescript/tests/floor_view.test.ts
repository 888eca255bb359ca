import assert from "node:assert/strict";
import { test } from "node:test";

import { FloorView, type FloorChange } from "../src/floor_view.js";
import { Staff, StaffChange, Status } from "../src/v1.js";

const PERSON = { status: Status.AVAILABLE, capabilities: { assignInbound: true }, skillGroups: [{ name: "sales" }] };
const ENGAGED = { assignInbound: false, dialOut: true, internalCalls: true, changeStatus: true, consult: false };
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a server newer than this client sends such a one
const NEWER_STATUS = 99 as Status;

function person(staffId: string, revision: bigint, more: Partial<Staff> = {}): Staff {
  return { ...Staff.fromPartial({ ...PERSON, staffId, revision }), ...more };
}

function change(staff: Staff, left = false): StaffChange {
  return StaffChange.fromPartial({ staff, transition: { staffId: staff.staffId, revision: staff.revision }, left });
}

function viewOf(...staff: Staff[]): FloorView {
  const view = new FloorView();
  view.addChunk({ staff });
  view.swapIn();
  return view;
}

function told(changes: readonly FloorChange[]): string[] {
  return changes.map(({ kind, staffId, revision }) => `${kind} ${staffId} ${revision}`);
}

function ids(staff: readonly Staff[]): string[] {
  return staff.map(({ staffId }) => staffId);
}

test("a snapshot is not shown before it is swapped in", () => {
  const view = new FloorView();
  view.addChunk({ staff: [person("ada", 1n)] });
  assert.deepEqual([view.complete, view.size], [false, 0]);
  view.addChunk({ staff: [person("bob", 2n)] });
  assert.deepEqual(told(view.swapIn()), ["ADDED ada 1", "ADDED bob 2"]);
  assert.deepEqual([view.complete, view.size], [true, 2]);
});

test("a snapshot cut short is thrown away", () => {
  const view = viewOf(person("ada", 1n));
  view.addChunk({ staff: [person("bob", 2n)] });
  view.dropChunks();
  view.addChunk({ staff: [person("cy", 3n)] });
  assert.deepEqual(told(view.swapIn()), ["ADDED cy 3", "LEFT ada 0"]);
});

test("a later snapshot tells the differences only", () => {
  const view = viewOf(person("ada", 1n), person("bob", 2n), person("cy", 3n));
  view.addChunk({ staff: [person("ada", 1n), person("bob", 7n), person("dan", 8n)] });
  const changes = view.swapIn();
  assert.deepEqual(told(changes), ["CHANGED bob 7", "ADDED dan 8", "LEFT cy 0"]);
  assert.ok(changes.every(({ transition }) => transition === undefined));
});

test("a snapshot of another store takes back to a lower revision", () => {
  const view = viewOf(person("ada", 9n));
  view.addChunk({ staff: [person("ada", 1n)] });
  assert.deepEqual(told(view.swapIn()), ["CHANGED ada 1"]);
  assert.equal(view.get("ada")?.revision, 1n);
});

test("a change tells the states before and after", () => {
  const view = viewOf(person("ada", 1n));
  const result = view.apply(change(person("ada", 2n, { status: Status.BUSY })));
  assert.deepEqual(
    [result?.kind, result?.before?.status, result?.after?.status],
    ["CHANGED", Status.AVAILABLE, Status.BUSY],
  );
  assert.equal(result?.transition?.revision, 2n);
});

test("a change that is not above the known revision is passed over", () => {
  const view = viewOf(person("ada", 5n));
  assert.equal(view.apply(change(person("ada", 5n, { status: Status.BUSY }))), undefined);
  assert.equal(view.apply(change(person("ada", 4n), true)), undefined);
  assert.equal(view.get("ada")?.status, Status.AVAILABLE);
});

test("who left is out of the view, and is told once", () => {
  const view = viewOf(person("ada", 1n));
  const result = view.apply(change(person("ada", 2n), true));
  assert.deepEqual([result?.kind, result?.after, result?.revision], ["LEFT", undefined, 2n]);
  assert.equal(view.apply(change(person("ada", 3n), true)), undefined);
  assert.deepEqual([view.size, ids(view.available(""))], [0, []]);
});

test("who comes back after leaving is added", () => {
  const view = viewOf(person("ada", 1n));
  view.apply(change(person("ada", 2n), true));
  assert.equal(view.apply(change(person("ada", 3n)))?.kind, "ADDED");
});

test("available gives the longest idle first, to the microsecond, then by id", () => {
  const idle = (seconds: bigint, nanos: number): Partial<Staff> => ({ idleStartedAt: { seconds, nanos } });
  const view = viewOf(
    person("late", 1n, idle(100n, 2_000)),
    person("early", 2n, idle(100n, 1_000)),
    person("b", 3n, idle(99n, 5)),
    person("a", 4n, idle(99n, 5)),
    person("unknown", 5n),
  );
  assert.deepEqual(ids(view.available("")), ["a", "b", "early", "late", "unknown"]);
});

test("available leaves out who is in another group, has another status, or cannot be assigned", () => {
  const view = viewOf(
    person("ada", 1n),
    person("busy", 2n, { status: Status.BUSY }),
    person("offered", 3n, { capabilities: ENGAGED }),
    person("new-status", 4n, { status: NEWER_STATUS }),
    person("support", 5n, { skillGroups: [{ name: "support", level: 7 }] }),
  );
  assert.deepEqual(ids(view.available("sales")), ["ada"]);
  assert.deepEqual(ids(view.available("")), ["ada", "support"]);
});

test("available follows the changes", () => {
  const view = viewOf(person("ada", 1n));
  view.apply(change(person("ada", 2n, { capabilities: ENGAGED })));
  assert.deepEqual(ids(view.available("sales")), []);
  view.apply(change(person("ada", 3n)));
  assert.deepEqual(ids(view.available("sales")), ["ada"]);
});

test("everybody is given by id, in the order of code points", () => {
  const view = viewOf(
    person("\u{1F600}", 1n),
    person("\uFB01", 2n),
    person("b", 3n),
    person("a", 4n),
    person("ab", 5n),
  );
  assert.deepEqual(ids(view.all()), ["a", "ab", "b", "\uFB01", "\u{1F600}"]);
});

test("a learned state is shown, and its change is told once", () => {
  const view = viewOf(person("ada", 5n), person("bob", 5n));
  view.learn(person("ada", 7n, { capabilities: ENGAGED }));
  view.learn(person("bob", 4n, { capabilities: ENGAGED }));
  view.learn(person("eve", 9n));
  assert.deepEqual(ids(view.available("")), ["bob"]);
  for (const [revision, before, shown] of [
    [6n, 5n, 7n],
    [7n, 6n, 7n],
    [8n, 7n, 8n],
  ] as const) {
    const change_ = view.apply(change(person("ada", revision)));
    assert.deepEqual([change_?.before?.revision, change_?.after?.revision], [before, revision]);
    assert.equal(view.get("ada")?.revision, shown);
  }
});

test("a snapshot forgets what was learned, and tells what was not told", () => {
  const view = viewOf(person("ada", 5n), person("bob", 5n));
  view.learn(person("ada", 7n));
  view.learn(person("bob", 6n));
  view.addChunk({ staff: [person("ada", 5n), person("bob", 6n)] });
  assert.deepEqual(told(view.swapIn()), ["CHANGED bob 6"]);
  assert.equal(view.get("ada")?.revision, 5n);
});
