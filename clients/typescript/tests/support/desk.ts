/** What tests with a server share: a tenant of their own, staff in it, and waits with a deadline. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { Connection, WorkspaceClient, type ConnectionOptions } from "../../src/index.js";
import { toDuration } from "../../src/instants.js";
import { AdminServiceService, CreateStaffRequest, Status, UpdatePolicyRequest } from "../../src/v1.js";

/** How long a wait or a call may take; it is used up only where something is broken. */
export const LIMIT_SECONDS = 30;

/** A connection with a tenant of its own. */
export function connect(target: string, options: Partial<ConnectionOptions> = {}): Connection {
  const defaults = { tenant: randomUUID(), backoffInitial: 0.05, backoffMax: 0.2, callTimeout: LIMIT_SECONDS };
  return new Connection({ target, ...defaults, ...options });
}

/** Create staff in the group "sales". */
export async function createStaff(connection: Connection, ...staffIds: string[]): Promise<void> {
  await createStaffIn("sales", connection, ...staffIds);
}

/** Create staff in a group. */
export async function createStaffIn(group: string, connection: Connection, ...staffIds: string[]): Promise<void> {
  for (const staffId of staffIds) {
    const request = CreateStaffRequest.fromPartial({ staffId, skillGroups: [{ name: group }] });
    await connection.call(AdminServiceService.createStaff, request);
  }
}

/** Sign a staff member in, AVAILABLE. */
export async function signIn(connection: Connection, ...staffIds: string[]): Promise<void> {
  for (const staffId of staffIds) await new WorkspaceClient(connection, staffId).changeStatus(Status.AVAILABLE);
}

/** Give offers ten minutes and wrap-ups an hour, so that neither runs out while a test runs. */
export async function giveTime(connection: Connection): Promise<void> {
  const policy = { claimTtl: toDuration(600), afterCallWork: { countdown: toDuration(3_600) } };
  const updateMask = ["claim_ttl", "after_call_work.countdown"];
  await connection.call(AdminServiceService.updatePolicy, UpdatePolicyRequest.fromPartial({ policy, updateMask }));
}

/** Wait until an event makes the condition true; `subscribe` registers what is called with each event. */
export async function until(
  condition: () => boolean,
  subscribe: (check: () => void) => () => void,
  what = "the condition",
): Promise<void> {
  if (condition()) return;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${what} did not come true within ${LIMIT_SECONDS} s`));
      }, LIMIT_SECONDS * 1_000);
      unsubscribe = subscribe(() => {
        if (condition()) resolve();
      });
    });
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}

/** Wait until a condition is true of which no event tells. */
export async function becomes(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + LIMIT_SECONDS * 1_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come true within ${LIMIT_SECONDS} s`);
    await sleep(10);
  }
}
