import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { Connection, RouterClient, Status } from "../src/index.js";
import { createStaff, createStaffIn, LIMIT_SECONDS, signIn, until } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";
import { Program } from "./support/programs.js";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const TARGET = 'target: "127.0.0.1:50051"';
const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

/** Run the block under a heading, as it stands but for the server's address and the time that calls may take. */
function block(heading: string): Program {
  const found = new RegExp(`^## ${heading}\n+\`\`\`ts\n([^]*?)^\`\`\``, "m").exec(README)?.[1];
  assert.ok(found !== undefined, heading);
  assert.ok(found.includes(TARGET), "the block names the server");
  const name = `tests/readme ${heading}.mjs`;
  writeFileSync(
    new URL(`../${name}`, import.meta.url),
    found.replace(TARGET, `target: "${server.address}", callTimeout: ${LIMIT_SECONDS}`),
  );
  return new Program(name);
}

test("the router of the README runs", needsServer, async () => {
  await using connection = new Connection({ target: server.address, callTimeout: LIMIT_SECONDS });
  await createStaffIn("cards", connection, "bob");
  await signIn(connection, "bob");
  const program = block("A router");
  assert.equal(await program.ended(), 0, program.errors);
  assert.ok(program.output.includes("[ 'bob' ]") && program.output.includes("bob rings, claim "), program.output);
});

test("the workspace of the README runs", needsServer, async () => {
  await using connection = new Connection({ target: server.address, callTimeout: LIMIT_SECONDS });
  await createStaff(connection, "ana");
  const router = new RouterClient(connection);
  const floor = router.floor({ staffIds: ["ana"] });
  const whenIs = (status: Status): Promise<void> =>
    until(
      () => floor.get("ana")?.status === status,
      (check) => floor.onChange(check),
      Status[status],
    );
  const program = block("A workspace");
  await whenIs(Status.AVAILABLE);
  await router.claim({ callId: "c1", staffId: "ana" });
  await whenIs(Status.IN_LINE);
  await router.callEnded({ staffId: "ana", callId: "c1" });
  assert.equal(await program.ended(), 0, program.errors);
  assert.match(program.output, /^\d+(\.\d+)? s of wrap-up left$/m);
});
