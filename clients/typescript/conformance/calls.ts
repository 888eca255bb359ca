/**
 * Makes the calls of the protocol: through the hand-written client where it has the method, else through the generated service.
 *
 * It keeps nothing between calls.
 */
import type { JsonValue } from "@bufbuild/protobuf";

import type { StreamMethod, UnaryMethod } from "../src/index.js";
import { RouterClient, WorkspaceClient, type Connection, type Fact, type FactResult } from "../src/index.js";
import * as v1 from "../src/v1.js";
import { bytesOfJson, jsonOfBytes, methodOf } from "./codec.js";
import { statusOf } from "./errors_status.js";

const SERVICES: Readonly<Record<string, object>> = {
  AdminService: v1.AdminServiceService,
  HistoryService: v1.HistoryServiceService,
  RouterService: v1.RouterServiceService,
  ServerService: v1.ServerServiceService,
  SupervisorService: v1.SupervisorServiceService,
  WorkspaceService: v1.WorkspaceServiceService,
};

interface GeneratedMethod {
  readonly path: string;
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (message: object) => Buffer;
}

/** The generated method of a name such as "RouterService/ClaimStaff". */
function generated(name: string): GeneratedMethod {
  const found = Object.values(SERVICES[name.split("/")[0] ?? ""] ?? {}).find(
    (method) => (method as GeneratedMethod).path === `/onduty.v1.${name}`,
  ) as GeneratedMethod | undefined;
  if (found === undefined) throw new TypeError(`there is no method ${name}`);
  return found;
}

/** Make a unary call and give its response as JSON. */
export async function call(
  connection: Connection,
  name: string,
  request: unknown,
  timeout?: number,
): Promise<JsonValue> {
  const { input, output, streams } = methodOf(name);
  if (streams) throw new TypeError(`${name} is a stream`);
  const method = generated(name);
  const message = method.requestDeserialize(Buffer.from(bytesOfJson(input, request)));
  const answer = await (byHand(connection, name, message, timeout) ??
    connection.call(method as unknown as UnaryMethod<object, object>, message, { timeout }));
  return jsonOfBytes(output, method.responseSerialize(answer));
}

/** Open a stream through the generated service; `frame` gets each message as JSON. */
export function openStream(
  connection: Connection,
  name: string,
  request: unknown,
): { messages: AsyncIterable<object> & { cancel(): void }; toJson: (message: object) => JsonValue } {
  const { input, output } = methodOf(name);
  const method = generated(name);
  const message = method.requestDeserialize(Buffer.from(bytesOfJson(input, request)));
  const messages = connection.stream(method as unknown as StreamMethod<object, object>, message);
  return { messages, toJson: (frame) => jsonOfBytes(output, method.responseSerialize(frame)) };
}

interface Wait {
  readonly timeout?: number | undefined;
}

function byHand(connection: Connection, name: string, message: object, timeout?: number): Promise<object> | undefined {
  const [service = "", method = ""] = name.split("/");
  if (service === "RouterService") return byRouter(new RouterClient(connection), method, message, { timeout });
  if (service !== "WorkspaceService") return undefined;
  const { staffId } = message as { staffId: string };
  return byWorkspace(new WorkspaceClient(connection, staffId), method, message, { timeout });
}

function byRouter(router: RouterClient, method: string, message: object, wait: Wait): Promise<object> | undefined {
  switch (method) {
    case "ClaimStaff":
      return claimed(router, message as v1.ClaimStaffRequest, wait);
    case "WithdrawClaim": {
      const { claimId, ...rest } = message as v1.WithdrawClaimRequest;
      return router.withdraw(claimId, { ...rest, ...wait });
    }
    case "GetClaim": {
      const { claimId, atLeast } = message as v1.GetClaimRequest;
      return router.getClaim(claimId, { atLeast, ...wait });
    }
    case "ReportCallStarted":
      return router.callStarted({ ...(message as v1.ReportCallStartedRequest), ...wait });
    case "ReportCallEnded":
      return router.callEnded({ ...(message as v1.ReportCallEndedRequest), ...wait });
    case "ReportCallEvents":
      return reported(router, message as v1.ReportCallEventsRequest, wait);
    case "ReconcileCalls": {
      const { source, calls, ...rest } = message as v1.ReconcileCallsRequest;
      return router.reconcile(source, calls, { ...rest, ...wait });
    }
    case "ListStaff":
      return listed(router, message as v1.ListStaffRequest, wait);
    default:
      return undefined;
  }
}

function byWorkspace(
  workspace: WorkspaceClient,
  method: string,
  message: object,
  wait: Wait,
): Promise<object> | undefined {
  switch (method) {
    case "ChangeStatus": {
      const { choice, ...rest } = message as v1.ChangeStatusRequest;
      return choice && workspace.changeStatus(choice.status, { ...rest, breakReason: choice.breakReason, ...wait });
    }
    case "SetNextStatus": {
      const { choice, ...rest } = message as v1.SetNextStatusRequest;
      return choice && workspace.setNextStatus(choice.status, { ...rest, breakReason: choice.breakReason, ...wait });
    }
    case "ClearNextStatus":
      return workspace.clearNextStatus({ ...(message as v1.ClearNextStatusRequest), ...wait });
    case "BackToReception":
      return workspace.backToReception({ ...(message as v1.BackToReceptionRequest), ...wait });
    case "ContinueAfterCallWork":
      return workspace.continueWrapUp({ ...(message as v1.ContinueAfterCallWorkRequest), ...wait });
    case "AcceptOffer": {
      const { claimId, ...rest } = message as v1.AcceptOfferRequest;
      return workspace.accept(claimId, { ...rest, ...wait });
    }
    case "DeclineOffer": {
      const { claimId, ...rest } = message as v1.DeclineOfferRequest;
      return workspace.decline(claimId, { ...rest, ...wait });
    }
    case "PlaceCall": {
      const { callId, ...rest } = message as v1.PlaceCallRequest;
      return workspace.placeCall(callId, { ...rest, ...wait });
    }
    case "ListBreakReasons": {
      const { includeDisabled, atLeast, pageSize, pageToken } = message as v1.ListBreakReasonsRequest;
      if (pageSize !== 0 || pageToken !== "") return undefined;
      return workspace.breakReasons({ includeDisabled, atLeast, ...wait });
    }
    default:
      return undefined;
  }
}

function claimed(router: RouterClient, message: v1.ClaimStaffRequest, wait: Wait): Promise<object> | undefined {
  const { target, ttl, ...rest } = message;
  const seconds = ttl === undefined ? undefined : Number(ttl.seconds) + ttl.nanos / 1e9;
  const terms = { ...rest, ttl: seconds, ...wait };
  switch (target?.$case) {
    case "named":
      return router.claim({ ...terms, ...target.value });
    case "candidates":
      return router.claimFirst({ ...terms, ...target.value });
    case "groupMember":
      return router.claimMember({ ...terms, ...target.value });
    default:
      // A claim without a target cannot be said with the client; the server is to refuse it.
      return undefined;
  }
}

function reported(router: RouterClient, message: v1.ReportCallEventsRequest, wait: Wait): Promise<object> | undefined {
  const facts = message.events.flatMap(factOf);
  // An event without a fact cannot be said with the client; the server is to refuse it.
  if (facts.length !== message.events.length) return undefined;
  const { requestId } = message;
  return router
    .report(facts, { requestId, ...wait })
    .then(({ results, position }) => ({ results: results.map(resultOf), position }));
}

function factOf({ event }: v1.CallEvent): Fact[] {
  if (event === undefined) return [];
  return [event.$case === "started" ? { started: event.value } : { ended: event.value }];
}

function resultOf({ taken, error }: FactResult): v1.ItemResult {
  if (taken !== undefined) return { result: { $case: "taken", value: taken } };
  return { result: { $case: "error", value: statusOf(error) } };
}

function listed(router: RouterClient, message: v1.ListStaffRequest, wait: Wait): Promise<object> | undefined {
  if (message.pageSize !== 0 || message.pageToken !== "") return undefined;
  return router.listStaff(message.filter ?? {}, { atLeast: message.atLeast, ...wait }).then(({ staff, position }) => ({
    staff,
    position,
    nextPageToken: "",
    totalSize: staff.length,
  }));
}
