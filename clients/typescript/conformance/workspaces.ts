/**
 * The protocol's verbs for workspaces.
 *
 * It tells their states as events; it judges nothing.
 */
import type { JsonValue } from "@bufbuild/protobuf";

import { WorkspaceClient, type Connection } from "../src/index.js";
import * as v1 from "../src/v1.js";
import { enumName, enumValue, jsonOf } from "./codec.js";
import type { Tell } from "./driver.js";

/** Open a workspace that attaches and whose states are told as events. */
export function openWorkspace(connection: Connection, name: string, staffId: string, tell: Tell): WorkspaceClient {
  const workspace = new WorkspaceClient(connection, staffId);
  const tellState = (): void => {
    const { attached, state } = workspace;
    const known = state && { status: enumName("Status", state.status), revision: Number(state.revision) };
    tell({ event: "workspace_state", workspace: name, attached, ...known });
  };
  workspace.onState(tellState);
  workspace.onAttached(tellState);
  workspace.attach();
  return workspace;
}

/** What the workspace knows. */
export function readWorkspace(workspace: WorkspaceClient): JsonValue {
  const { attached, state } = workspace;
  return {
    attached,
    ...(state && { staff: jsonOf("Staff", v1.Staff, state) }),
    remaining_wrap_up: workspace.remainingWrapUp() ?? null,
    remaining_offer: workspace.remainingOffer() ?? null,
  };
}

/** Do what the action says and give the response. */
export async function actOn(workspace: WorkspaceClient, action: string, given: unknown): Promise<JsonValue> {
  const find = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (find === undefined) throw new TypeError(`there is no action ${action}`);
  return find(workspace, argumentsOf(given));
}

interface Arguments {
  readonly status: v1.Status;
  readonly direction: v1.Direction;
  readonly reason: string;
  readonly claimId: string | undefined;
  readonly callId: string;
  readonly timeout: number;
  readonly options: {
    readonly breakReason: string | undefined;
    readonly note: string | undefined;
    readonly source: string | undefined;
    readonly requestId: string | undefined;
    readonly expectedRevision: bigint | undefined;
  };
}

function argumentsOf(given: unknown): Arguments {
  const from = (given ?? {}) as Record<string, string | number | undefined>;
  const text = (field: string): string | undefined => (from[field] === undefined ? undefined : String(from[field]));
  const revision = text("expected_revision");
  return {
    status: enumValue<v1.Status>("Status", v1.Status, from["status"]),
    direction: enumValue<v1.Direction>("Direction", v1.Direction, from["direction"]),
    reason: text("reason") ?? text("break_reason") ?? "",
    claimId: text("claim_id"),
    callId: text("call_id") ?? "",
    timeout: Number(from["timeout"] ?? 10),
    options: {
      breakReason: text("break_reason"),
      note: text("note"),
      source: text("source"),
      requestId: text("request_id"),
      expectedRevision: revision === undefined ? undefined : BigInt(revision),
    },
  };
}

const ACTIONS: Readonly<Record<string, (workspace: WorkspaceClient, given: Arguments) => Promise<JsonValue>>> = {
  change_status: async (workspace, { status, options }) =>
    jsonOf("ChangeStatusResponse", v1.ChangeStatusResponse, await workspace.changeStatus(status, options)),
  take_break: async (workspace, { reason, options }) =>
    jsonOf("ChangeStatusResponse", v1.ChangeStatusResponse, await workspace.takeBreak(reason, options)),
  set_next_status: async (workspace, { status, options }) =>
    jsonOf("SetNextStatusResponse", v1.SetNextStatusResponse, await workspace.setNextStatus(status, options)),
  clear_next_status: async (workspace, { options }) =>
    jsonOf("ClearNextStatusResponse", v1.ClearNextStatusResponse, await workspace.clearNextStatus(options)),
  back_to_reception: async (workspace, { options }) =>
    jsonOf("BackToReceptionResponse", v1.BackToReceptionResponse, await workspace.backToReception(options)),
  continue_wrap_up: async (workspace, { options }) =>
    jsonOf("ContinueAfterCallWorkResponse", v1.ContinueAfterCallWorkResponse, await workspace.continueWrapUp(options)),
  accept: async (workspace, { claimId, options }) =>
    jsonOf("AcceptOfferResponse", v1.AcceptOfferResponse, await workspace.accept(claimId, options)),
  decline: async (workspace, { claimId, options }) =>
    jsonOf("DeclineOfferResponse", v1.DeclineOfferResponse, await workspace.decline(claimId, options)),
  place_call: async (workspace, { callId, direction, options }) =>
    jsonOf("PlaceCallResponse", v1.PlaceCallResponse, await workspace.placeCall(callId, { ...options, direction })),
  break_reasons: async (workspace) =>
    jsonOf("ListBreakReasonsResponse", v1.ListBreakReasonsResponse, await workspace.breakReasons()),
  attach: (workspace) => {
    workspace.attach();
    return Promise.resolve({});
  },
  detach: async (workspace) => {
    await workspace.detach();
    return {};
  },
  wait_attached: async (workspace, { timeout }) => {
    await workspace.waitAttached(timeout);
    return {};
  },
};
