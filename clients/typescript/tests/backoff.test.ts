import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../src/backoff.js";

test("the waits double up to the longest", () => {
  const backoff = new Backoff(0.2, 1, () => 1);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => backoff.next()),
    [0.2, 0.4, 0.8, 1, 1],
  );
});

test("a wait is at least half of its full length", () => {
  const backoff = new Backoff(0.2, 10, () => 0);
  assert.deepEqual([backoff.next(), backoff.next()], [0.1, 0.2]);
});

test("what the server asked for comes on top", () => {
  assert.equal(new Backoff(0.2, 10, () => 1).next(3), 3.2);
});

test("the doubling starts anew", () => {
  const backoff = new Backoff(0.2, 10, () => 1);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 0.2);
});
