/**
 * Who of a floor can be assigned an inbound call, in order, of everybody and of each skill group.
 *
 * It is pure: no I/O, no clock.
 */
import type { Timestamp } from "../gen/google/protobuf/timestamp.js";
import { Status, type Staff } from "../gen/onduty/v1/staff.js";
import { compareIds } from "./ids.js";
import { compareInstants } from "./instants.js";

/** Lists that are kept in order change by change, so that asking for them costs only what they hold. */
export class FreeStaff {
  // By group, "" for everybody; longest idle first.
  readonly #lists = new Map<string, Staff[]>();
  // By id, as they stand in the lists.
  readonly #here = new Map<string, Staff>();

  /** Forget all that was put, and take these. */
  fill(everybody: Iterable<Staff>): void {
    this.#lists.clear();
    this.#here.clear();
    for (const staff of everybody) {
      if (isFree(staff)) for (const list of this.#enter(staff)) list.push(staff);
    }
    for (const list of this.#lists.values()) list.sort(byIdleTime);
  }

  /** Somebody is as the message says. */
  put(staff: Staff): void {
    this.remove(staff.staffId);
    if (isFree(staff)) for (const list of this.#enter(staff)) list.splice(placeOf(list, staff), 0, staff);
  }

  /** Somebody is not free, or not there. */
  remove(staffId: string): void {
    const staff = this.#here.get(staffId);
    if (staff === undefined) return;
    for (const list of this.#enter(staff)) list.splice(placeOf(list, staff), 1);
    this.#here.delete(staffId);
  }

  /** Who is free, longest idle first, then by id. An empty group means all. */
  in(skillGroup: string): Staff[] {
    return [...(this.#lists.get(skillGroup) ?? [])];
  }

  // Note that somebody stands, and give the lists in which.
  #enter(staff: Staff): Staff[][] {
    this.#here.set(staff.staffId, staff);
    return [...groupsOf(staff)].map((group) => {
      const list = this.#lists.get(group) ?? [];
      this.#lists.set(group, list);
      return list;
    });
  }
}

function isFree(staff: Staff): boolean {
  return staff.capabilities?.assignInbound === true && staff.status === Status.AVAILABLE;
}

function groupsOf(staff: Staff): Set<string> {
  return new Set(["", ...staff.skillGroups.map(({ name }) => name)]);
}

// Where somebody stands, or would.
function placeOf(list: readonly Staff[], staff: Staff): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = list[middle];
    if (there !== undefined && byIdleTime(there, staff) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byIdleTime(a: Staff, b: Staff): number {
  return compareIdle(a.idleStartedAt, b.idleStartedAt) || compareIds(a.staffId, b.staffId);
}

function compareIdle(a: Timestamp | undefined, b: Timestamp | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareInstants(a, b);
}
