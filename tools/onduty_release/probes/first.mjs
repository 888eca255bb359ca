// Signs somebody in, sees it on the floor, and claims the person for a call: what a first program does, with the package alone.
import { setTimeout as sleep } from "node:timers/promises";

import { Connection, RouterClient, Status, WorkspaceClient } from "@onduty/client";

const SECONDS_MOST = 30;
const [target, staffId] = process.argv.slice(2);
const connection = new Connection({ target });
const workspace = new WorkspaceClient(connection, staffId);
workspace.attach();
await workspace.waitAttached(SECONDS_MOST);
await workspace.changeStatus(Status.AVAILABLE);
console.log(staffId, "signed in");

const router = new RouterClient(connection);
const floor = router.floor();
await floor.waitCurrent(SECONDS_MOST);
const end = Date.now() + SECONDS_MOST * 1000;
while (!floor.available().some((staff) => staff.staffId === staffId)) {
  if (Date.now() > end) throw new Error(`the floor does not show ${staffId}`);
  await sleep(10);
}
console.log("the floor shows", staffId);
const claim = await router.claim({ callId: `call-${staffId}`, staffId });
console.log(claim.staff.staffId, "is offered", claim.staff.offer.callId);
await router.withdraw(claim.claimId);
await workspace.changeStatus(Status.OFFLINE);
await connection.close();
