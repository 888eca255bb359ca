// One staff member's desktop: signs in, takes the first call offered, wraps up for two seconds, and signs out. Prints each state.
//
//   node dist/examples/workspace.js --server 127.0.0.1:50051 --staff-id ada [--tenant T]
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { Connection, RefusedError, Status, WorkspaceClient, type Staff } from "@onduty/client";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { server: text, tenant: text, "staff-id": text } });
const WRAP_UP_SECONDS = 2;
const callTimeout = 60; // there is nothing better to do than to wait for a slow service

await using connection = new Connection({ target: values.server ?? "", tenant: values.tenant, callTimeout });
const workspace = new WorkspaceClient(connection, values["staff-id"] ?? "");
workspace.attach();
await workspace.waitAttached(callTimeout);
await workspace.changeStatus(Status.AVAILABLE);

let shown: Status | undefined;
let tookCall = false;
for await (const staff of workspace) {
  if (staff.status !== shown) process.stdout.write(`${Status[staff.status]}\n`);
  shown = staff.status;
  if (staff.status === Status.IN_LINE) tookCall = true;
  if (staff.offer && !tookCall) await take(staff.offer.claimId);
  if (staff.status === Status.AFTER_CALL_WORK) await wrapUp();
  if (tookCall && isFree(staff)) await workspace.changeStatus(Status.OFFLINE);
  if (tookCall && staff.status === Status.OFFLINE) break;
}

async function take(claimId: string): Promise<void> {
  try {
    await workspace.accept(claimId);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error; // gone meanwhile: the next one is taken
  }
}

async function wrapUp(): Promise<void> {
  for (let second = 0; second < WRAP_UP_SECONDS; second += 1) {
    process.stdout.write(`wrap-up: ${Math.ceil(workspace.remainingWrapUp() ?? 0)} s left\n`);
    await sleep(1_000);
  }
  if (workspace.state?.status === Status.AFTER_CALL_WORK) await workspace.backToReception();
}

function isFree(staff: Staff): boolean {
  return staff.status === Status.AVAILABLE;
}
