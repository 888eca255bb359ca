import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { RouterClient, Status, WorkspaceClient, type Connection } from "../src/index.js";
import { connect, createStaff, giveTime, signIn, until } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";
import { Program } from "./support/programs.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

function example(name: string, connection: Connection, ...given: string[]): Program {
  const tenant = connection.settings.tenant ?? "";
  return new Program(`examples/${name}.js`, "--server", server.address, "--tenant", tenant, ...given);
}

function whenPrinted(program: Program, line: string): Promise<void> {
  return until(
    () => program.lines.includes(line),
    (check) => program.onOutput(check),
    line,
  );
}

async function acceptNext(connection: Connection, staffId: string): Promise<void> {
  const workspace = new WorkspaceClient(connection, staffId);
  workspace.attach();
  await until(
    () => workspace.state?.offer !== undefined,
    (check) => workspace.onState(check),
    `an offer to ${staffId}`,
  );
  await workspace.accept();
  await workspace.detach();
}

test("a router and a workspace take a call from its offer to its end", needsServer, async () => {
  await using connection = connect(server.address);
  await giveTime(connection);
  await createStaff(connection, "ada");
  const workspace = example("workspace", connection, "--staff-id", "ada");
  const router = example("router", connection, "--skill-group", "sales", "--talk", "0.2").write("c1\n").endInput();
  assert.deepEqual([await router.ended(), await workspace.ended()], [0, 0], router.errors + workspace.errors);
  assert.deepEqual(router.lines, ["c1 offered ada", "c1 answered ada", "c1 ended ada"]);
  const statuses = workspace.lines.filter((line) => line in Status);
  assert.deepEqual(statuses, ["AVAILABLE", "IN_LINE", "AFTER_CALL_WORK", "AVAILABLE", "OFFLINE"]);
  const [first, second, ...more] = workspace.lines
    .filter((line) => !(line in Status))
    .map((line) => Number(/^wrap-up: (\d+) s left$/.exec(line)?.[1]));
  assert.ok(first !== undefined && second !== undefined && more.length === 0, workspace.output);
  assert.ok(first <= 3_600 && second <= first && second > 3_000, workspace.output);
});

test("a missed call is offered to the next, and calls overlap", needsServer, async () => {
  await using connection = connect(server.address);
  await giveTime(connection);
  await createStaff(connection, "ada", "bob", "cy");
  await signIn(connection, "ada", "bob");
  const router = example("router", connection, "--skill-group", "sales").write("c1\n");
  await whenPrinted(router, "c1 offered ada");
  const ada = new WorkspaceClient(connection, "ada");
  await ada.changeStatus(Status.BUSY);
  await acceptNext(connection, "bob");
  await whenPrinted(router, "c1 answered bob");
  router.write("c2\n").endInput();
  const calls = new RouterClient(connection);
  await signIn(connection, "cy");
  await acceptNext(connection, "cy");
  await whenPrinted(router, "c2 answered cy");
  await calls.callEnded({ staffId: "bob", callId: "c1" });
  await calls.callEnded({ staffId: "cy", callId: "c2" });
  assert.equal(await router.ended(), 0, router.errors);
  assert.deepEqual(router.lines, [
    "c1 offered ada",
    "c1 missed ada",
    "c1 offered bob",
    "c1 answered bob",
    "c2 offered cy",
    "c2 answered cy",
    "c1 ended bob",
    "c2 ended cy",
  ]);
});

test("a router that is told to end ends cleanly", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  await signIn(connection, "ada");
  const router = example("router", connection, "--skill-group", "sales").write("c1\n");
  await whenPrinted(router, "c1 offered ada");
  router.signal("SIGTERM");
  assert.deepEqual([await router.ended(), router.errors], [0, ""]);
});
