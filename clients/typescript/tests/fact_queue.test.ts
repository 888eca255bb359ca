import assert from "node:assert/strict";
import { test } from "node:test";

import { status } from "@grpc/grpc-js";

import { OndutyError, OverloadedError, TimedOutError, type CallEvent } from "../src/index.js";
import { errorOf } from "../src/errors.js";
import { FactQueue, LONGEST_FACT_WAIT, mayPass, type QueueBounds } from "../src/fact_queue.js";
import { ItemTaken } from "../gen/onduty/v1/batch.js";
import { endedRequest, startedRequest } from "../src/router_requests.js";

const TAKEN = { taken: ItemTaken.fromPartial({}) };
const LOST = errorOf({ code: status.UNAVAILABLE, message: "gone" });

function started(callId: string, requestId = ""): CallEvent {
  return { event: { $case: "started", value: startedRequest({ staffId: "ana", callId, requestId }) } };
}

function ended(callId: string): CallEvent {
  return { event: { $case: "ended", value: endedRequest({ staffId: "ana", callId }) } };
}

function queueOf(events: readonly CallEvent[], bounds: Partial<QueueBounds> = {}): FactQueue {
  const queue = new FactQueue({ mostFacts: 100, mostBytes: 100_000, keepSeconds: 100, ...bounds }, 0.2);
  for (const event of events) queue.add(event, 0);
  return queue;
}

function goingOut(queue: FactQueue): string[] {
  return queue.batch().map(({ event, callId }) => `${event.event?.$case ?? ""} ${callId}`);
}

test("of a call only the oldest fact is on the way, and other calls do not wait for it", () => {
  const queue = queueOf([started("a"), ended("a"), started("b")]);
  assert.deepEqual(goingOut(queue), ["started a", "started b"]);
  queue.answered(queue.batch(), [{ error: LOST }, TAKEN]);
  assert.deepEqual(goingOut(queue), ["started a"]);
  queue.answered(queue.batch(), [TAKEN]);
  assert.deepEqual(goingOut(queue), ["ended a"]);
  queue.answered(queue.batch(), [TAKEN]);
  assert.deepEqual([queue.count, queue.sizeBytes], [0, 0]);
});

test("a fact is repeated with its request id, and the caller's message is left as it is", () => {
  const event = started("a");
  const queue = queueOf([event, started("b", "mine")]);
  const first = queue.batch().map(({ requestId }) => requestId);
  queue.failed(queue.batch(), LOST, 0);
  assert.deepEqual(
    queue.batch().map(({ event: sent }) => sent.event?.value.requestId),
    first,
  );
  assert.deepEqual([event.event?.value.requestId, first[1]], ["", "mine"]);
});

test("a full outbox refuses, by count and by bytes", () => {
  for (const bounds of [{ mostFacts: 1 }, { mostBytes: 80 }]) {
    const queue = queueOf([started("a")], bounds);
    assert.throws(
      () => queue.add(started("b"), 0),
      (error) => error instanceof OverloadedError && error.reason === "",
    );
    queue.answered(queue.batch(), [TAKEN]);
    queue.add(started("b"), 0);
  }
});

test("a fact is given up only for what the service itself says of it", () => {
  const cases: [status, string, boolean][] = [
    [status.UNAVAILABLE, "", true],
    [status.UNIMPLEMENTED, "", true],
    [status.PERMISSION_DENIED, "", true],
    [status.INVALID_ARGUMENT, "", true],
    [status.UNAUTHENTICATED, "UNAUTHENTICATED", true],
    [status.UNAVAILABLE, "JOURNAL_UNAVAILABLE", true],
    [status.RESOURCE_EXHAUSTED, "NEVER_HEARD_OF", true],
    [status.ABORTED, "NEVER_HEARD_OF", true],
    [status.NOT_FOUND, "STAFF_UNKNOWN", false],
    [status.FAILED_PRECONDITION, "NEVER_HEARD_OF", false],
    [status.INVALID_ARGUMENT, "INVALID_FIELD", false],
  ];
  for (const [code, reason, stays] of cases) {
    assert.equal(mayPass(errorOf({ code, reason, message: "no" })), stays, `${status[code]} ${reason}`);
  }
});

test("where a request is refused as a whole, the bad fact alone is told", () => {
  const queue = queueOf([started("a"), started("b")]);
  const tooLarge = errorOf({ code: status.RESOURCE_EXHAUSTED, reason: "REQUEST_TOO_LARGE", message: "large" });
  assert.deepEqual(queue.failed(queue.batch(), tooLarge, 0), { settled: [], wait: 0 });
  const { settled } = queue.failed(queue.batch(), tooLarge, 0);
  assert.deepEqual(
    settled.map(({ event, error }) => [event.event?.value.callId, error]),
    [["a", tooLarge]],
  );
  assert.deepEqual(goingOut(queue), ["started b"]);
});

test("what was not taken for too long is told, and what is younger stays", () => {
  const queue = queueOf([], { keepSeconds: 10 });
  queue.add(started("a", "old"), 0);
  queue.add(started("b"), 5);
  queue.failed(queue.batch(), LOST, 0);
  const [gone, ...others] = queue.expired(11);
  assert.ok(gone?.error instanceof TimedOutError);
  assert.deepEqual([gone.requestId, gone.error.requestId, others.length, queue.count], ["old", "old", 0, 1]);
  assert.match(gone.error.message, /gone/);
});

test("what is left at the end is told in the order in which it was given", () => {
  const queue = queueOf([started("a"), started("b"), ended("a")]);
  const left = queue.giveUp();
  assert.deepEqual(
    left.map(({ event, error }) => [event.event?.value.callId, error instanceof OndutyError && error.code]),
    ["a", "b", "a"].map((callId) => [callId, "CANCELLED"]),
  );
  assert.equal(queue.count, 0);
});

test("a server that is back hears of it within a second, however long it was away", () => {
  const queue = queueOf([started("a")]);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { wait } = queue.failed(queue.batch(), LOST, 0);
    assert.ok(wait > 0 && wait <= LONGEST_FACT_WAIT, String(wait));
  }
  assert.equal(queue.failed(queue.batch(), LOST, 5).wait, 0);
});
