/** What the menu of the avatar offers in a state, and why something is not possible now. It decides nothing: the service does. */
import { type BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { durationMs } from "./durations.js";
import { say, elapsed } from "./words.js";

/** What choosing an entry asks for. */
export type Choice =
  | { readonly kind: "status" | "next"; readonly status: Status; readonly reason: string }
  | { readonly kind: "clear-next" | "reception" | "continue" };

/** One entry. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** The shape beside it; undefined: none. */
  readonly status: Status | undefined;
  /** undefined: not one of several, but something to do. */
  readonly checked: boolean | undefined;
  /** Why it is not possible now. Empty: it is. */
  readonly barred: string;
  readonly choice: Choice | undefined;
}

/** Entries under a heading. */
export interface MenuGroup {
  readonly label: string;
  readonly items: readonly MenuItem[];
}

/** The menu in a state. */
export function menuOf(staff: Staff, reasons: readonly BreakReason[]): MenuGroup[] {
  const groups: MenuGroup[] = [];
  const engaged = staff.status === Status.IN_LINE || staff.status === Status.AFTER_CALL_WORK;
  if (staff.status === Status.AFTER_CALL_WORK) groups.push(ofWrapUp(staff));
  groups.push({ label: say("status"), items: choices(staff, reasons, "status") });
  if (engaged) groups.push({ label: say("afterwards"), items: [noChoice(staff), ...choices(staff, reasons, "next")] });
  groups.push({ label: say("bySystem"), items: ofSystem(staff) });
  return groups;
}

/** The name of a break reason. */
export function reasonName(code: string, reasons: readonly BreakReason[]): string {
  const name = reasons.find((reason) => reason.code === code)?.displayName ?? "";
  return name === "" ? code : name;
}

function choices(staff: Staff, reasons: readonly BreakReason[], kind: "status" | "next"): MenuItem[] {
  const barred = kind === "status" && staff.capabilities?.changeStatus !== true ? say("notInCall") : "";
  const present = kind === "next" ? staff.next : staff;
  const entry = (status: Status, label: string, hint: string, reason = ""): MenuItem => ({
    id: `${kind}-${Status[status].toLowerCase()}${reason === "" ? "" : `-${reason}`}`,
    label,
    hint: kind === "status" ? hint : "",
    status,
    checked: present?.status === status && present.breakReason === reason,
    barred,
    choice: { kind, status, reason },
  });
  return [
    entry(Status.AVAILABLE, say("available"), say("availableHint")),
    entry(Status.BUSY, say("busy"), say("busyHint")),
    ...reasons.map((reason) =>
      entry(Status.ON_BREAK, `${say("onBreak")}: ${reason.displayName}`, limitOf(reason), reason.code),
    ),
    entry(Status.OFFLINE, say("offline"), say("offlineHint")),
  ];
}

function limitOf(reason: BreakReason): string {
  const limit = reason.limit === undefined ? 0 : durationMs(reason.limit);
  return limit > 0 ? say("breakLimit", { length: elapsed(limit) }) : say("breakHint");
}

function noChoice(staff: Staff): MenuItem {
  return {
    id: "next-none",
    label: say("afterwardsNone"),
    hint: "",
    status: undefined,
    checked: staff.next === undefined,
    barred: "",
    choice: { kind: "clear-next" },
  };
}

function ofWrapUp(staff: Staff): MenuGroup {
  const stopped = staff.wrapUp?.endsAt === undefined ? say("countdownStopped") : "";
  const action = (id: "reception" | "continue", label: string, barred: string): MenuItem => ({
    id,
    label,
    hint: "",
    status: undefined,
    checked: undefined,
    barred,
    choice: { kind: id },
  });
  return {
    label: say("acw"),
    items: [action("reception", say("backToReception"), ""), action("continue", say("continueAcw"), stopped)],
  };
}

function ofSystem(staff: Staff): MenuItem[] {
  const entry = (status: Status, label: string, barred: string): MenuItem => ({
    id: `system-${Status[status].toLowerCase()}`,
    label,
    hint: "",
    status,
    checked: staff.status === status,
    barred,
    choice: undefined,
  });
  return [
    entry(Status.IN_LINE, say("inLine"), say("inLineReason")),
    entry(Status.AFTER_CALL_WORK, say("acw"), say("acwReason")),
  ];
}
