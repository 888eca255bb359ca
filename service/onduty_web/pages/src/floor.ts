/** A live copy of the staff that match a filter: the latest state of each, and how old it may be. */

import type { Staff } from "../gen/onduty/v1/staff_pb.js";
import { Delivery, type WatchStaffResponse } from "../gen/onduty/v1/router_service_pb.js";
import { Code, type ConnectError } from "@connectrpc/connect";
import { needsCredential, type Api } from "./api.js";
import { seconds } from "./durations.js";
import { Follower } from "./follow.js";
import type { Freshness } from "./top_bar.js";

/** How often a quiet stream says that it lives. */
export const BOOKMARK_SECONDS = 2;
/** Three intervals without a word: what is seen is stale. */
export const STALE_MS = 3 * BOOKMARK_SECONDS * 1000;

/** What positions are refused with that are of another history, or too old. */
const OF_POSITIONS = new Set([Code.OutOfRange, Code.InvalidArgument, Code.FailedPrecondition, Code.Aborted]);

/** Who hears of the floor. */
export interface FloorReader {
  /** Something has changed. */
  changed(): void;
  /** The stream lives again: what is counted down may be counted anew. */
  live(): void;
  /** No stream can be had. */
  ended(error: ConnectError): void;
}

/** The floor. */
export class Floor {
  staff = new Map<string, Staff>();
  isComplete = false;
  readonly #reader: FloorReader;
  readonly #follower: Follower<WatchStaffResponse>;
  #aside = new Map<string, Staff>();
  #position = "";

  constructor(api: Api, reader: FloorReader) {
    this.#reader = reader;
    this.#follower = new Follower<WatchStaffResponse>({
      open: (signal) => {
        this.#aside = new Map();
        const request = {
          resumeAfter: this.#position,
          delivery: Delivery.LATEST_PER_STAFF,
          bookmarkInterval: seconds(BOOKMARK_SECONDS),
        };
        return api.router.watchStaff(request, { signal });
      },
      receive: (frame) => {
        this.#receive(frame);
      },
      isBehind: (frame) => frame.catchingUp,
      changed: (liveness, error) => {
        // The position may be of a history that is gone: begin afresh.
        if (error !== undefined && OF_POSITIONS.has(error.code)) this.#position = "";
        if (liveness === "live") this.#reader.live();
        if (liveness === "ended" && error !== undefined) this.#reader.ended(error);
        this.#reader.changed();
      },
      isFinal: (error) => needsCredential(error) || error.code === Code.PermissionDenied,
      silenceMs: STALE_MS,
    });
  }

  /** Whether what is seen can be relied on. */
  get freshness(): Freshness {
    const { liveness } = this.#follower;
    if (liveness === "ended") return liveness;
    if (!this.isComplete) return "connecting";
    return this.age > STALE_MS ? "stale" : liveness;
  }

  /** Milliseconds since something was heard. */
  get age(): number {
    return this.#follower.age;
  }

  /** Everybody, by name. */
  all(): Staff[] {
    return [...this.staff.values()];
  }

  stop(): void {
    this.#follower.stop();
  }

  #receive({ event, position }: WatchStaffResponse): void {
    if (event.case === "snapshotChunk") {
      for (const staff of event.value.staff) this.#aside.set(staff.staffId, staff);
      if (!event.value.last) return;
      this.staff = this.#aside;
      this.isComplete = true;
    } else if (event.case === "changes") {
      for (const change of event.value.changes) {
        const { staff } = change;
        if (staff === undefined) continue;
        if (change.left) this.staff.delete(staff.staffId);
        else this.staff.set(staff.staffId, staff);
      }
    }
    if (position !== "") this.#position = position;
    if (event.case !== "bookmark") this.#reader.changed();
  }
}
