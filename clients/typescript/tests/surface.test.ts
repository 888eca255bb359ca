import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as onduty from "@onduty/client";
import * as v1 from "@onduty/client/v1";

test("the package exports these names and no others", () => {
  assert.deepEqual(Object.keys(onduty).sort(), [
    "AccessError",
    "Action",
    "AlreadyExistsError",
    "Cause",
    "ClaimOrder",
    "Colleagues",
    "Connection",
    "Direction",
    "Floor",
    "InternalError",
    "InvalidRequestError",
    "NobodyAvailableError",
    "NotFoundError",
    "OfferEnd",
    "OndutyError",
    "Outbox",
    "OverloadedError",
    "PositionError",
    "RefusedError",
    "ReplacedError",
    "RevisionMismatchError",
    "RouterClient",
    "Status",
    "TimedOutError",
    "UnavailableError",
    "UnsupportedError",
    "WithdrawReason",
    "WorkspaceClient",
    "errorFromItem",
    "fromDate",
    "toDate",
    "toSeconds",
  ]);
});

test("the generated services are exported beside them", () => {
  for (const name of ["Admin", "History", "Router", "Server", "Supervisor", "Workspace"]) {
    assert.ok(`${name}ServiceService` in v1, name);
  }
});

test("the embedded service config is the contract's", () => {
  const here = readFileSync(new URL("../gen/service_config.json", import.meta.url), "utf8");
  const contract = readFileSync(
    new URL("../../../../proto/onduty_client_service_config.json", import.meta.url),
    "utf8",
  );
  assert.equal(here, contract);
});
