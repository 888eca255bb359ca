import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AlreadyExistsError, errorFromItem } from "../src/index.js";
import { AdminServiceService, BatchCreateStaffRequest } from "../src/v1.js";
import { connect, createStaff } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

test("an item of a batch that failed has the typed error of the same request on its own", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const request = BatchCreateStaffRequest.fromPartial({ requests: [{ staffId: "ada" }, { staffId: "bob" }] });
  const { results } = await connection.call(AdminServiceService.batchCreateStaff, request);
  const [failed, taken] = results.map(({ result }) => result);
  assert.ok(failed?.$case === "error" && taken?.$case === "taken");
  const error = errorFromItem(failed.value);
  assert.ok(error instanceof AlreadyExistsError);
  assert.deepEqual([error.code, error.reason, error.metadata], ["ALREADY_EXISTS", "STAFF_EXISTS", { staff_id: "ada" }]);
});
