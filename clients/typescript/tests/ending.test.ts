import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { Connection, RouterClient, TimedOutError } from "../src/index.js";
import { connect, createStaff, giveTime, until } from "./support/desk.js";
import { DumbPeer } from "./support/dumb_peer.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";
import { Program } from "./support/programs.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

test("a process that closed everything ends by itself", needsServer, async () => {
  const tenant = randomUUID();
  await using connection = connect(server.address, { tenant });
  await giveTime(connection);
  await createStaff(connection, "ada");
  const program = new Program("tests/support/uses_everything.js", server.address, tenant);
  assert.deepEqual([await program.ended(), program.lines, program.errors], [0, ["closed"], ""]);
});

test("closing leaves no socket open to a peer that takes connections and says nothing", async () => {
  for (const tls of [undefined, {}]) {
    const peer = await new DumbPeer().start();
    const connection = new Connection({ target: peer.address, callTimeout: 0.2, tls });
    const claim = new RouterClient(connection).claim({ callId: "c1", staffId: "ada" });
    const isOpen = until(
      () => peer.open === 1,
      (check) => peer.onChange(check),
      "an open socket",
    );
    await Promise.all([assert.rejects(claim, TimedOutError), isOpen]);
    await connection.close();
    await until(
      () => peer.open === 0,
      (check) => peer.onChange(check),
      "no open socket",
    );
    peer.stop();
  }
});
