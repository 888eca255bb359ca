/**
 * A copy of the colleagues that a staff member may see, built from a watch's frames.
 *
 * It is pure: no I/O, no clock, no handlers.
 */
import {
  Colleague,
  type ColleagueChange as RawChange,
  type ColleaguesChunk,
} from "../gen/onduty/v1/workspace_service.js";
import type { ChangeKind } from "./floor_view.js";
import type { WatchView } from "./follower.js";
import { compareIds } from "./ids.js";

/** One change of the view. */
export interface ColleagueChange {
  readonly kind: ChangeKind;
  readonly staffId: string;
  /** What the view had. Undefined with ADDED. */
  readonly before: Colleague | undefined;
  /** What the view has now. Undefined with LEFT. */
  readonly after: Colleague | undefined;
}

/** The view. The objects that it gives are its own: read them, do not change them. */
export class ColleaguesView implements WatchView<ColleaguesChunk, RawChange, ColleagueChange> {
  #colleagues = new Map<string, Colleague>();
  #aside: Map<string, Colleague> | undefined;

  /** How many colleagues the view has. */
  get size(): number {
    return this.#colleagues.size;
  }

  /** One colleague, or undefined. */
  get(staffId: string): Colleague | undefined {
    return this.#colleagues.get(staffId);
  }

  /** All of them, by name without regard to case, then by id. */
  all(): Colleague[] {
    return [...this.#colleagues.values()].sort(byName);
  }

  /** Put a part of a snapshot aside. */
  addChunk({ colleagues }: Pick<ColleaguesChunk, "colleagues">): void {
    this.#aside ??= new Map();
    for (const colleague of colleagues) this.#aside.set(colleague.staffId, colleague);
  }

  /** Throw away the parts that are aside: the snapshot was cut short. */
  dropChunks(): void {
    this.#aside = undefined;
  }

  /** Make the parts that are aside the view, and tell what is different. Who looks the same is not told. */
  swapIn(): ColleagueChange[] {
    const before = this.#colleagues;
    this.#colleagues = this.#aside ?? new Map<string, Colleague>();
    this.#aside = undefined;
    return differences(before, this.#colleagues);
  }

  /** Show nobody until the next snapshot, and tell who left. */
  clear(): ColleagueChange[] {
    this.#aside = undefined;
    return this.swapIn();
  }

  /** Apply one change of the stream. Undefined where it told nothing new. */
  apply({ colleague, left }: RawChange): ColleagueChange | undefined {
    if (colleague === undefined) return undefined;
    const { staffId } = colleague;
    const before = this.#colleagues.get(staffId);
    if (left) {
      this.#colleagues.delete(staffId);
      return before === undefined ? undefined : { kind: "LEFT", staffId, before, after: undefined };
    }
    this.#colleagues.set(staffId, colleague);
    if (before !== undefined && isSame(before, colleague)) return undefined;
    return { kind: before === undefined ? "ADDED" : "CHANGED", staffId, before, after: colleague };
  }
}

function differences(
  before: ReadonlyMap<string, Colleague>,
  present: ReadonlyMap<string, Colleague>,
): ColleagueChange[] {
  const found: ColleagueChange[] = [];
  for (const [staffId, after] of present) {
    const old = before.get(staffId);
    if (old !== undefined && isSame(old, after)) continue;
    found.push({ kind: old === undefined ? "ADDED" : "CHANGED", staffId, before: old, after });
  }
  for (const [staffId, old] of before) {
    if (!present.has(staffId)) found.push({ kind: "LEFT", staffId, before: old, after: undefined });
  }
  return found;
}

function byName(a: Colleague, b: Colleague): number {
  return compareIds(folded(a.displayName), folded(b.displayName)) || compareIds(a.staffId, b.staffId);
}

// There and back: some letters have a capital form only in which they are alike.
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

// Colleagues have no revision: what is shown decides whether something changed.
function isSame(a: Colleague, b: Colleague): boolean {
  return Buffer.compare(Colleague.encode(a).finish(), Colleague.encode(b).finish()) === 0;
}
