/**
 * A live copy of the staff that match a filter, kept over breaks of the stream.
 *
 * The rules of the view are `floor_view`'s, those of following `follower`'s.
 */
import { RouterServiceService, WatchStaffRequest, type SnapshotChunk } from "../gen/onduty/v1/router_service.js";
import type { Staff, StaffChange, StaffFilter } from "../gen/onduty/v1/staff.js";
import type { Connection } from "./connection.js";
import { FloorView, type FloorChange } from "./floor_view.js";
import { Follower, type FollowerOptions, type FollowerState } from "./follower.js";
import { toDuration } from "./instants.js";

/** How a floor stands. */
export type FloorState = FollowerState;

/** What a floor may have of its own. */
export type FloorOptions = FollowerOptions;

/** A live copy of the staff that match a filter. Made by `RouterClient.floor`; it watches at once. */
export class Floor extends Follower<SnapshotChunk, StaffChange, FloorChange> {
  readonly #view: FloorView;

  /** Made by `RouterClient.floor`. Throws RangeError for a time out of bounds. */
  constructor(connection: Connection, filter: StaffFilter | undefined, options: FloorOptions = {}) {
    const view = new FloorView();
    const open = (resumeAfter: string, bookmarkInterval: number) => {
      const request = WatchStaffRequest.fromPartial({ resumeAfter, bookmarkInterval: toDuration(bookmarkInterval) });
      return connection.stream(RouterServiceService.watchStaff, { ...request, filter });
    };
    super(connection, { name: "floor", view, open, endsWith: () => false }, options);
    this.#view = view;
  }

  /** How many persons the view has. */
  get size(): number {
    return this.#view.size;
  }

  /** One person, or undefined. The object is the view's own: do not change it. */
  get(staffId: string): Staff | undefined {
    return this.#view.get(staffId);
  }

  /** Everybody, by id. */
  all(): Staff[] {
    return this.#view.all();
  }

  /**
   * Who can be assigned an inbound call, longest idle first, without a call to the server. An empty group means all.
   *
   * Nobody before the first snapshot, after `trustLimit` seconds without a frame, and when FAILED or CLOSED.
   */
  available(skillGroup = ""): Staff[] {
    return this.#view.complete && this.isTrusted(this.times.trustLimit) ? this.#view.available(skillGroup) : [];
  }

  /**
   * Show the state that an answer told, as that of a claim, at once: `available` names nobody who has just been claimed.
   *
   * Who is not in the view, and what is not newer, is passed over. The change itself is told when the stream brings it.
   */
  learn(staff: Staff): void {
    this.#view.learn(staff);
  }
}
