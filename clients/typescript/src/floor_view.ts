/**
 * A copy of the staff that match a filter, built from a watch's frames.
 *
 * It is pure: no I/O, no clock, no handlers.
 */
import type { SnapshotChunk } from "../gen/onduty/v1/router_service.js";
import { Staff, type StaffChange, type Transition } from "../gen/onduty/v1/staff.js";
import type { WatchView } from "./follower.js";
import { FreeStaff } from "./free_staff.js";
import { compareIds } from "./ids.js";

/** What a change is to the view. */
export type ChangeKind = "ADDED" | "CHANGED" | "LEFT";

/** One change of the view. */
export interface FloorChange {
  readonly kind: ChangeKind;
  readonly staffId: string;
  /** The state that the view had. Undefined with ADDED. */
  readonly before: Staff | undefined;
  /** The state that the view has now. Undefined with LEFT. */
  readonly after: Staff | undefined;
  /** The change as the server recorded it. Undefined where a snapshot brought it. */
  readonly transition: Transition | undefined;
  /** The revision of the change; 0 where a snapshot no longer had the person. */
  readonly revision: bigint;
}

/** The view. The objects that it gives are its own: read them, do not change them. */
export class FloorView implements WatchView<SnapshotChunk, StaffChange, FloorChange> {
  #staff = new Map<string, Staff>();
  readonly #free = new FreeStaff();
  // What the stream said last of those of whom an answer has told more.
  readonly #streamed = new Map<string, Staff>();
  #aside: Map<string, Staff> | undefined;
  #ids: string[] | undefined;
  #complete = false;

  /** Whether a snapshot was ever complete. */
  get complete(): boolean {
    return this.#complete;
  }

  /** How many persons the view has. */
  get size(): number {
    return this.#staff.size;
  }

  /** One person, or undefined. */
  get(staffId: string): Staff | undefined {
    return this.#staff.get(staffId);
  }

  /** Everybody, by id. */
  all(): Staff[] {
    this.#ids ??= [...this.#staff.keys()].sort(compareIds);
    return this.#ids.flatMap((id) => this.#staff.get(id) ?? []);
  }

  /** Who can be assigned an inbound call, longest idle first, then by id. An empty group means all. */
  available(skillGroup: string): Staff[] {
    return this.#free.in(skillGroup);
  }

  /** Put a part of a snapshot aside. */
  addChunk({ staff }: Pick<SnapshotChunk, "staff">): void {
    this.#aside ??= new Map();
    for (const person of staff) this.#aside.set(person.staffId, person);
  }

  /** Throw away the parts that are aside: the snapshot was cut short. */
  dropChunks(): void {
    this.#aside = undefined;
  }

  /** Make the parts that are aside the view, and tell what is different. A person whose state is the same is not told. */
  swapIn(): FloorChange[] {
    const before = new Map([...this.#staff, ...this.#streamed]);
    this.#streamed.clear();
    this.#staff = this.#aside ?? new Map<string, Staff>();
    this.#aside = undefined;
    this.#ids = undefined;
    this.#complete = true;
    this.#free.fill(this.#staff.values());
    return differences(before, this.#staff);
  }

  /** Apply one change of the stream. Undefined where it told nothing new. */
  apply(change: StaffChange): FloorChange | undefined {
    const { staff, transition } = change;
    const staffId = staff?.staffId ?? transition?.staffId ?? "";
    const revision = transition?.revision ?? staff?.revision ?? 0n;
    const shown = this.#staff.get(staffId);
    const before = this.#streamed.get(staffId) ?? shown;
    if (before !== undefined && revision <= before.revision) return undefined;
    if (change.left) {
      if (before === undefined) return undefined;
      this.#remove(staffId);
      return { kind: "LEFT", staffId, before, after: undefined, transition, revision };
    }
    if (staff === undefined) return undefined;
    if (shown !== undefined && shown !== before && shown.revision > revision) {
      this.#streamed.set(staffId, staff);
    } else {
      this.#streamed.delete(staffId);
      this.#put(staff);
    }
    return { kind: before === undefined ? "ADDED" : "CHANGED", staffId, before, after: staff, transition, revision };
  }

  /** Show a state that an answer told. The stream, which is later, still tells its change. */
  learn(staff: Staff): void {
    const shown = this.#staff.get(staff.staffId);
    if (shown === undefined || staff.revision <= shown.revision) return;
    if (!this.#streamed.has(staff.staffId)) this.#streamed.set(staff.staffId, shown);
    this.#put(staff);
  }

  #put(staff: Staff): void {
    if (!this.#staff.has(staff.staffId)) this.#ids = undefined;
    this.#staff.set(staff.staffId, staff);
    this.#free.put(staff);
  }

  #remove(staffId: string): void {
    this.#ids = undefined;
    this.#staff.delete(staffId);
    this.#streamed.delete(staffId);
    this.#free.remove(staffId);
  }
}

function differences(before: ReadonlyMap<string, Staff>, after: ReadonlyMap<string, Staff>): FloorChange[] {
  const found: FloorChange[] = [];
  for (const [staffId, staff] of after) {
    const old = before.get(staffId);
    // Not by revision alone: another store, or a restored one, counts the same numbers anew.
    if (old?.revision === staff.revision && isSame(old, staff)) continue;
    const kind = old === undefined ? "ADDED" : "CHANGED";
    found.push({ kind, staffId, before: old, after: staff, transition: undefined, revision: staff.revision });
  }
  for (const [staffId, staff] of before) {
    if (after.has(staffId)) continue;
    found.push({ kind: "LEFT", staffId, before: staff, after: undefined, transition: undefined, revision: 0n });
  }
  return found;
}

function isSame(one: Staff, other: Staff): boolean {
  const [bytes, others] = [Staff.encode(one).finish(), Staff.encode(other).finish()];
  return bytes.length === others.length && bytes.every((byte, index) => byte === others[index]);
}
