/** What a workspace asks of the service, by what was chosen; a change is sent once, however often it is tried. */
import type { Staff } from "../gen/onduty/v1/staff_pb.js";
import { CALL, requestId, type Api } from "./api.js";
import type { Choice } from "./menu_items.js";

/** Carry out what was chosen. It fails as the service refuses it. */
export async function carryOut({ workspace }: Api, staffId: string, choice: Choice): Promise<Staff | undefined> {
  const request = { staffId, requestId: requestId() };
  switch (choice.kind) {
    case "reception":
      return (await workspace.backToReception(request, CALL)).staff;
    case "continue":
      return (await workspace.continueAfterCallWork(request, CALL)).staff;
    case "clear-next":
      return (await workspace.clearNextStatus(request, CALL)).staff;
    case "next":
      return (await workspace.setNextStatus({ ...request, choice: chosen(choice) }, CALL)).staff;
    case "status":
      return (await workspace.changeStatus({ ...request, choice: chosen(choice) }, CALL)).staff;
  }
}

function chosen({ status, reason }: Choice & { kind: "status" | "next" }): {
  status: Staff["status"];
  breakReason: string;
} {
  return { status, breakReason: reason };
}
