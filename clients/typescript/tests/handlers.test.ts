import assert from "node:assert/strict";
import { test } from "node:test";

import { Handlers, runsInHandlerOf } from "../src/handlers.js";

function handlersOf(owner: object): { handlers: Handlers<number>; reported: unknown[] } {
  const reported: unknown[] = [];
  const handlers = new Handlers<number>(owner, (error) => reported.push(error));
  return { handlers, reported };
}

test("every handler gets every value until it is taken out", () => {
  const { handlers } = handlersOf({});
  const seen: string[] = [];
  const remove = handlers.add((value) => seen.push(`a${value}`));
  handlers.add((value) => seen.push(`b${value}`));
  assert.equal(handlers.tell(1), undefined);
  remove();
  void handlers.tell(2);
  assert.deepEqual(seen, ["a1", "b1", "b2"]);
});

test("a handler that throws is reported, and the others get the value", async () => {
  const { handlers, reported } = handlersOf({});
  const seen: number[] = [];
  const [first, second] = [new Error("at once"), new Error("later")];
  handlers.add(() => {
    throw first;
  });
  handlers.add(() => Promise.reject(second));
  handlers.add((value) => seen.push(value));
  await handlers.tell(1);
  assert.deepEqual([seen, reported], [[1], [first, second]]);
});

test("a handler that is at work is waited for", async () => {
  const { handlers } = handlersOf({});
  const { promise, resolve } = withResolve();
  let isIdle = false;
  handlers.add(() => promise);
  const told = handlers.tell(1);
  const idle = handlers.idle().then(() => (isIdle = true));
  assert.ok(told !== undefined);
  assert.equal(isIdle, false);
  resolve();
  await Promise.all([told, idle]);
});

test("code that a handler calls, also after a wait, is known to run in it", async () => {
  const [owner, other] = [{}, {}];
  const { handlers } = handlersOf(owner);
  const seen: boolean[] = [];
  handlers.add(async () => {
    await Promise.resolve();
    seen.push(runsInHandlerOf(owner), runsInHandlerOf(other));
  });
  await handlers.tell(1);
  assert.deepEqual([...seen, runsInHandlerOf(owner)], [true, false, false]);
});

function withResolve(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
