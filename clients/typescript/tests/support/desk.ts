/** What tests with a server share: a tenant of their own, staff in it, and waits with a deadline. */
import { randomUUID } from "node:crypto";

import { Connection, WorkspaceClient, type ConnectionOptions } from "../../src/index.js";
import { AdminServiceService, CreateStaffRequest, Status, UpdatePolicyRequest, type Policy } from "../../src/v1.js";

const WAIT_SECONDS = 10;

/** A connection with a tenant of its own. */
export function connect(target: string, options: Partial<ConnectionOptions> = {}): Connection {
  return new Connection({ target, tenant: randomUUID(), backoffInitial: 0.05, backoffMax: 0.2, ...options });
}

/** Create staff in the group "sales". */
export async function createStaff(connection: Connection, ...staffIds: string[]): Promise<void> {
  for (const staffId of staffIds) {
    const request = CreateStaffRequest.fromPartial({ staff: { staffId, skillGroups: ["sales"] } });
    await connection.call(AdminServiceService.createStaff, request);
  }
}

/** Sign a staff member in, AVAILABLE. */
export async function signIn(connection: Connection, ...staffIds: string[]): Promise<void> {
  for (const staffId of staffIds) await new WorkspaceClient(connection, staffId).changeStatus(Status.AVAILABLE);
}

/** Change the tenant's policy. */
export async function setPolicy(connection: Connection, policy: Partial<Policy>, ...paths: string[]): Promise<void> {
  const request = { ...UpdatePolicyRequest.fromPartial({ updateMask: paths }), policy: policy as Policy };
  await connection.call(AdminServiceService.updatePolicy, request);
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
        reject(new Error(`${what} did not come true within ${WAIT_SECONDS} s`));
      }, WAIT_SECONDS * 1_000);
      unsubscribe = subscribe(() => {
        if (condition()) resolve();
      });
    });
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}
