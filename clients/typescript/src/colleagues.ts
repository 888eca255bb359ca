/**
 * A live copy of the colleagues that a staff member may see, kept over breaks of the stream.
 *
 * Whom they see is the server's to say; the rules of following are `follower`'s.
 */
import {
  WatchColleaguesRequest,
  WorkspaceServiceService,
  type Colleague,
  type ColleagueChange as RawChange,
  type ColleaguesChunk,
} from "../gen/onduty/v1/workspace_service.js";
import { ColleaguesView, type ColleagueChange } from "./colleagues_view.js";
import type { Connection } from "./connection.js";
import { NotFoundError, RefusedError } from "./errors.js";
import { Follower, type FollowerOptions } from "./follower.js";
import { toDuration } from "./instants.js";

/**
 * A live copy of the colleagues that a staff member may see. It watches at once.
 *
 * Where others may be seen from now on, the view is emptied at once, and is CONNECTING until the next snapshot. It is FAILED and
 * empty with a RefusedError where the policy lets nobody see colleagues, and with a NotFoundError for somebody unknown.
 */
export class Colleagues extends Follower<ColleaguesChunk, RawChange, ColleagueChange> {
  readonly #view: ColleaguesView;

  /** The colleagues of `staffId`. Throws RangeError for a time out of bounds, and an OndutyError on a closed connection. */
  constructor(connection: Connection, staffId: string, options: FollowerOptions = {}) {
    const view = new ColleaguesView();
    const open = (resumeAfter: string, bookmarkInterval: number) => {
      const fields = { staffId, resumeAfter, bookmarkInterval: toDuration(bookmarkInterval) };
      return connection.stream(WorkspaceServiceService.watchColleagues, WatchColleaguesRequest.fromPartial(fields));
    };
    const endsWith = (error: unknown): boolean => error instanceof RefusedError || error instanceof NotFoundError;
    super(connection, { name: "view of colleagues", view, open, endsWith }, options);
    this.#view = view;
  }

  /** How many colleagues the view has. */
  get size(): number {
    return this.#view.size;
  }

  /** One colleague, or undefined. The object is the view's own: do not change it. */
  get(staffId: string): Colleague | undefined {
    return this.#view.get(staffId);
  }

  /** All of them, by name without regard to case, then by id. */
  all(): Colleague[] {
    return this.#view.all();
  }
}
