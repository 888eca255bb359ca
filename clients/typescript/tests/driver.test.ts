import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { knownReasons } from "../src/errors.js";
import { LIMIT_SECONDS, until } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";
import { Program } from "./support/programs.js";

const PACKAGE = new URL("../../package.json", import.meta.url);

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

interface Message {
  readonly id?: number;
  readonly event?: string;
  readonly ok?: Record<string, unknown>;
  readonly error?: Record<string, unknown> | null;
  readonly [field: string]: unknown;
}

/** The driver, asked one request after another. */
class Driver {
  readonly program = new Program("conformance/driver.js");
  #id = 0;

  get messages(): Message[] {
    return this.program.lines.map((line) => JSON.parse(line) as Message);
  }

  async ask(verb: string, parameters: object = {}): Promise<Message> {
    const id = (this.#id += 1);
    this.program.write(`${JSON.stringify({ id, do: verb, ...parameters })}\n`);
    await this.when((message) => message.id === id);
    const answer = this.messages.find((message) => message.id === id);
    assert.ok(answer !== undefined);
    return answer;
  }

  async call(method: string, request: object): Promise<Message> {
    return this.ask("call", { connection: "c", method, request });
  }

  when(isIt: (message: Message) => boolean): Promise<void> {
    return until(
      () => this.messages.some(isIt),
      (check) => this.program.onOutput(check),
      isIt.toString(),
    );
  }

  async end(): Promise<void> {
    assert.equal(await this.program.endInput().ended(), 0, this.program.errors);
  }
}

async function connected(): Promise<Driver> {
  const driver = new Driver();
  const options = {
    target: server.address,
    tenant: `t${process.hrtime.bigint()}`,
    call_timeout: LIMIT_SECONDS,
    token: null,
  };
  assert.deepEqual((await driver.ask("connect", { name: "c", options })).ok, {});
  const staff = { staff_id: "ada", skill_groups: [{ name: "sales" }] };
  await driver.call("AdminService/CreateStaff", { ...staff, request_id: "create" });
  return driver;
}

test("the driver says hello and tells the table of errors", async () => {
  const driver = new Driver();
  const features = ["call", "stream", "floor", "workspace", "outbox", "errors"];
  const { version: client } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string };
  assert.deepEqual((await driver.ask("hello")).ok, { language: "typescript", client, features });
  const { reasons } = (await driver.ask("errors.table")).ok ?? {};
  assert.deepEqual(Object.keys(reasons as object).sort(), knownReasons().sort());
  await driver.end();
});

test("the driver tells what it cannot carry out", async () => {
  const driver = new Driver();
  assert.equal((await driver.ask("dance")).error?.["kind"], "DriverError");
  assert.equal(
    (await driver.ask("call", { connection: "none", method: "RouterService/ListStaff" })).error?.["kind"],
    "DriverError",
  );
  assert.equal(
    (await driver.ask("connect", { name: "c", options: { target: "nowhere" } })).error?.["kind"],
    "DriverError",
  );
  await driver.end();
});

test("the driver speaks protobuf's JSON with the contract's names", needsServer, async () => {
  const driver = await connected();
  const occurred_at = "2026-01-02T03:04:05.678901Z";
  const started = await driver.call("RouterService/ReportCallStarted", { staff_id: "ada", call_id: "c1", occurred_at });
  const { staff, applied } = started.ok?.["response"] as {
    staff: { revision: string; calls: object[] };
    applied: boolean;
  };
  assert.deepEqual([applied, staff.revision], [true, "2"]);
  assert.equal((staff.calls[0] as { occurred_at: string }).occurred_at, occurred_at);
  await driver.end();
});

test("the driver tells refusals in full", needsServer, async () => {
  const driver = await connected();
  const refused = await driver.call("RouterService/ClaimStaff", {
    call_id: "c1",
    named: { staff_id: "ada" },
    request_id: "r-1",
  });
  const { kind, code, reason, requested, allowed, request_id } = refused.error ?? {};
  assert.deepEqual([kind, code, reason], ["RefusedError", "FAILED_PRECONDITION", "STAFF_NOT_ASSIGNABLE"]);
  assert.deepEqual(
    [requested, request_id, (allowed as string[])[0]],
    ["ACTION_CLAIM", "r-1", "ACTION_CHANGE_TO_AVAILABLE"],
  );
  const events = [{ started: { staff_id: "x", call_id: "c1" } }, {}, { ended: { staff_id: "ada", call_id: "c9" } }];
  const report = await driver.call("RouterService/ReportCallEvents", { events });
  const { results } = report.ok?.["response"] as { results: { error?: { details: { reason: string }[] } }[] };
  assert.deepEqual(
    results.map(({ error }) => error?.details[0]?.reason),
    ["STAFF_UNKNOWN", "INVALID_FIELD", undefined],
  );
  await driver.end();
});

test("the driver keeps floors and workspaces and tells their events", needsServer, async () => {
  const driver = await connected();
  await driver.ask("floor.open", { connection: "c", floor: "f", filter: {}, options: { bookmark_interval: 20 } });
  assert.deepEqual((await driver.ask("floor.wait", { floor: "f", timeout: LIMIT_SECONDS })).ok, {});
  await driver.ask("workspace.open", { connection: "c", workspace: "w", staff_id: "ada" });
  assert.deepEqual((await driver.ask("workspace.wait", { workspace: "w", timeout: LIMIT_SECONDS })).ok, {});
  await driver.ask("workspace.do", {
    workspace: "w",
    action: "change_status",
    arguments: { status: "STATUS_AVAILABLE" },
  });
  await driver.when(({ event, status }) => event === "change" && status === "STATUS_AVAILABLE");
  await driver.when(
    ({ event, attached, status }) => event === "workspace_state" && attached === true && status === "STATUS_AVAILABLE",
  );
  assert.deepEqual((await driver.ask("floor.available", { floor: "f", skill_group: "sales" })).ok, {
    staff_ids: ["ada"],
  });
  const read = (await driver.ask("floor.read", { floor: "f" })).ok;
  assert.deepEqual([read?.["state"], (read?.["staff"] as object[]).length], ["CURRENT", 1]);
  const known = (await driver.ask("workspace.read", { workspace: "w" })).ok;
  assert.deepEqual([known?.["attached"], known?.["remaining_wrap_up"], known?.["remaining_offer"]], [true, null, null]);
  const gone = await driver.ask("workspace.do", { workspace: "w", action: "accept", arguments: {} });
  assert.equal(gone.error?.["reason"], "OFFER_GONE");
  await driver.ask("workspace.close", { workspace: "w" });
  await driver.ask("floor.close", { floor: "f" });
  assert.ok(driver.messages.some(({ event, state }) => event === "floor_state" && state === "CLOSED"));
  await driver.end();
});

test("the driver shows raw frames, stops reading, and tells the end", needsServer, async () => {
  const driver = await connected();
  await driver.ask("stream.open", { connection: "c", stream: "s", method: "RouterService/WatchStaff", request: {} });
  await driver.when(({ event, stream }) => event === "frame" && stream === "s");
  await driver.ask("stream.pause", { stream: "s" });
  await driver.call("RouterService/ReportCallStarted", { staff_id: "ada", call_id: "c1" });
  await driver.ask("stream.resume", { stream: "s" });
  await driver.when(({ frame }) => JSON.stringify(frame ?? {}).includes("CAUSE_CALL_STARTED"));
  assert.deepEqual((await driver.ask("stream.cancel", { stream: "s" })).ok, {});
  assert.deepEqual(
    driver.messages.filter(({ event }) => event === "end"),
    [{ event: "end", stream: "s", error: null }],
  );
  await driver.ask("disconnect", { connection: "c" });
  await driver.end();
});
