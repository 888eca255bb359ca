/** What a connection asks a server about itself, and that the history names its actor. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import {
  ForceStatusRequest,
  HistoryServiceService,
  ListTransitionsRequest,
  Status,
  SupervisorServiceService,
} from "../src/v1.js";
import { connect, createStaff } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

test("the server tells what it is, and as whom it understood the connection", needsServer, async () => {
  const tenant = randomUUID();
  await using connection = connect(server.address, { tenant, actor: "lea" });
  const info = await connection.serverInfo();
  assert.notEqual(info.version, "");
  assert.equal(info.storeId.length, 16);
  assert.equal(info.limits?.batchItems, 1_000);
  assert.deepEqual([info.caller?.tenant, info.caller?.actorId], [tenant, "lea"]);
});

test("the history names the connection's actor for what a supervisor did", needsServer, async () => {
  await using connection = connect(server.address, { actor: "lea" });
  await createStaff(connection, "ana");
  const force = ForceStatusRequest.fromPartial({
    staffId: "ana",
    choice: { status: Status.BUSY },
    note: "because",
  });
  await connection.call(SupervisorServiceService.forceStatus, force);
  const newest = ListTransitionsRequest.fromPartial({ newestFirst: true, pageSize: 1 });
  const { transitions } = await connection.call(HistoryServiceService.listTransitions, newest);
  assert.equal(transitions[0]?.actor?.id, "lea");
});
