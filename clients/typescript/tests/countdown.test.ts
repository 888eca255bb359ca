import assert from "node:assert/strict";
import { test } from "node:test";

import { remaining, ServerClock } from "../src/countdown.js";
import { compareInstants, fromDate, toDate, toDuration, toSeconds } from "../src/instants.js";

const at = (seconds: number): { seconds: bigint; nanos: number } => ({
  seconds: BigInt(Math.floor(seconds)),
  nanos: Math.round((seconds % 1) * 1e9),
});

test("the time left is the deadline minus the server's present", () => {
  assert.equal(remaining(at(130), 100, 0), 30);
  assert.equal(remaining(at(130), 100, 5), 25);
  assert.equal(remaining(at(130), 100, -5), 35);
});

test("the time left is never below 0", () => {
  assert.equal(remaining(at(130), 200, 0), 0);
});

test("without a deadline there is no time left", () => {
  assert.equal(remaining(undefined, 100, 0), undefined);
});

test("the offset is 0 before the first observation", () => {
  assert.equal(new ServerClock().offset, 0);
});

test("the offset is the largest difference seen", () => {
  const clock = new ServerClock();
  clock.observe(at(100), 103);
  assert.equal(clock.offset, -3);
  clock.observe(at(110), 111);
  clock.observe(at(120), 124);
  assert.equal(clock.offset, -1);
});

test("the offset starts anew with a stream", () => {
  const clock = new ServerClock();
  clock.observe(at(100), 50);
  clock.reset();
  assert.equal(clock.offset, 0);
});

test("an instant keeps its microseconds as seconds", () => {
  assert.equal(toSeconds({ seconds: 1_780_000_000n, nanos: 123_456_000 }), 1_780_000_000.123456);
});

test("a date becomes an instant and back, also before 1970", () => {
  for (const milliseconds of [0, 1_780_000_000_123, -1]) {
    assert.equal(toDate(fromDate(new Date(milliseconds))).getTime(), milliseconds);
  }
});

test("seconds become a length of time without rounding errors", () => {
  assert.deepEqual(toDuration(1.1), { seconds: 1n, nanos: 100_000_000 });
  assert.deepEqual(toDuration(0.2), { seconds: 0n, nanos: 200_000_000 });
  assert.deepEqual(toDuration(60), { seconds: 60n, nanos: 0 });
});

test("instants are ordered to the nanosecond", () => {
  assert.ok(compareInstants({ seconds: 1n, nanos: 1_000 }, { seconds: 1n, nanos: 2_000 }) < 0);
  assert.ok(compareInstants({ seconds: 2n, nanos: 0 }, { seconds: 1n, nanos: 999_999_999 }) > 0);
});
