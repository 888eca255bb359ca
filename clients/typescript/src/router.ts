/**
 * What routers and telephony ask for: claims, call facts, lists, and the floor.
 *
 * It keeps no state of its own.
 */
import { randomUUID } from "node:crypto";

import { status } from "@grpc/grpc-js";

import type { Timestamp } from "../gen/google/protobuf/timestamp.js";
import {
  CallEvent,
  ClaimStaffRequest,
  ListStaffRequest,
  ReconcileCallsRequest,
  ReportCallEndedRequest,
  ReportCallEventsRequest,
  ReportCallStartedRequest,
  RouterServiceService,
  WithdrawClaimRequest,
  type CallEventResult,
  type CallEventTaken,
  type ClaimStaffResponse,
  type ReconcileCallsResponse,
  type ReportCallEndedResponse,
  type ReportCallStartedResponse,
  type WithdrawClaimResponse,
} from "../gen/onduty/v1/router_service.js";
import { StaffFilter, type Direction, type Staff } from "../gen/onduty/v1/staff.js";
import type { CallOptions, Connection } from "./connection.js";
import { errorFrom, errorFromItem } from "./error_details.js";
import { errorOf, withRequestId, type OndutyError } from "./errors.js";
import { Floor, type FloorOptions } from "./floor.js";
import { fromDate, toDuration } from "./instants.js";

/** What every mutation may have. */
export interface MutationOptions extends CallOptions {
  /** Makes the request idempotent, 1-128 characters. Absent: a random UUID. */
  readonly requestId?: string | undefined;
}

/** What a mutation of one staff member may have. */
export interface GuardedOptions extends MutationOptions {
  /** The revision that the staff member must still have, or RevisionMismatchError. Absent: any. */
  readonly expectedRevision?: bigint | undefined;
}

/** When something happened by the source's clock. A Timestamp keeps microseconds, a Date milliseconds. */
export type Occurrence = Date | Timestamp;

/** A claim: of a named staff member, or of the one who has been available longest in a skill group. */
export type Claim = GuardedOptions & {
  /** The call, 1-128 characters. */
  readonly callId: string;
  /** How long the offer lasts, 1-600 s. Absent: the policy's. */
  readonly ttl?: number | undefined;
  /** INBOUND (the default) or TRANSFER. */
  readonly direction?: Direction | undefined;
  /** The telephony source that will report the call's end. */
  readonly source?: string | undefined;
} & (
    | { readonly staffId: string; readonly skillGroup?: undefined }
    | { readonly skillGroup: string; readonly staffId?: undefined }
  );

/** A call that started. */
export interface StartedCall extends GuardedOptions {
  readonly staffId: string;
  readonly callId: string;
  /** INBOUND where absent. */
  readonly direction?: Direction | undefined;
  /** The telephony source that owns the call. */
  readonly source?: string | undefined;
  /** By the source's clock: the same again when the fact is repeated. */
  readonly occurredAt?: Occurrence | undefined;
  /** The source's id of the channel. Absent: the fact is about every leg of the call. */
  readonly leg?: string | undefined;
  /** The call is held, or no longer. Absent: as before. */
  readonly onHold?: boolean | undefined;
  /** The other side answered, or did not. Absent: as before. */
  readonly answered?: boolean | undefined;
}

/** A call, or one leg of it, that ended. */
export type EndedCall = Omit<StartedCall, "direction" | "onHold">;

/** One fact of a batch. */
export type Fact =
  { readonly started: Omit<StartedCall, keyof CallOptions> } | { readonly ended: Omit<EndedCall, keyof CallOptions> };

/** What came of one fact. */
export type FactResult =
  | { readonly taken: CallEventTaken; readonly error?: undefined }
  | { readonly error: OndutyError; readonly taken?: undefined };

/** What came of a batch of facts. */
export interface Report {
  /** A result for each fact, in order. */
  readonly results: readonly FactResult[];
  /** The store's position after the last fact. */
  readonly position: string;
}

/** A call that a source has now. */
export interface PresentCall {
  readonly staffId: string;
  readonly callId: string;
  readonly direction?: Direction | undefined;
  readonly occurredAt?: Occurrence | undefined;
  /** The source's id of the channel. Absent: every leg of the call. */
  readonly leg?: string | undefined;
}

/** Of when and of whom a list of calls is. */
export interface ReconcileOptions extends MutationOptions {
  /** When the list was taken, by the source's clock: calls that began or ended since are left alone. */
  readonly observedAt?: Occurrence | undefined;
  /** Instead, where the source has no clock: a position of the store that was read before the list was taken. */
  readonly observedPosition?: string | undefined;
  /** The list is of these staff members only, so that more calls fit in several requests. */
  readonly staffIds?: readonly string[] | undefined;
}

/** Everybody who matches a filter, at one revision. */
export interface StaffList {
  /** By id. */
  readonly staff: readonly Staff[];
  /** What to give as `atLeast` to reads that must see the same. */
  readonly position: string;
}

const LARGEST_BATCH = 1_000;
const LARGEST_PAGE = 1_000;

/** Routing and telephony. Every method fails with an OndutyError. */
export class RouterClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Claim a staff member. RefusedError: not assignable; NobodyAvailableError: nobody in the group; NotFoundError: unknown. */
  claim(claim: Claim): Promise<ClaimStaffResponse> {
    const {
      staffId,
      skillGroup,
      ttl,
    }: { staffId?: string | undefined; skillGroup?: string | undefined; ttl?: number | undefined } = claim;
    if (staffId !== undefined && skillGroup !== undefined) {
      return Promise.reject(new TypeError("a claim has a staffId or a skillGroup, not both"));
    }
    const request: ClaimStaffRequest = {
      ...ClaimStaffRequest.fromPartial(
        named(claim, ["callId", "requestId", "expectedRevision", "direction", "source"]),
      ),
      target: targetOf(staffId, skillGroup),
      ttl: ttl === undefined ? undefined : toDuration(ttl),
    };
    return this.#connection.call(RouterServiceService.claimStaff, request, claim);
  }

  /** Take a claim back; no miss is counted. `applied` is false where it had ended already. NotFoundError: unknown. */
  withdraw(claimId: string, options: GuardedOptions = {}): Promise<WithdrawClaimResponse> {
    const request = WithdrawClaimRequest.fromPartial({ claimId, ...named(options, ["requestId", "expectedRevision"]) });
    return this.#connection.call(RouterServiceService.withdrawClaim, request, options);
  }

  /** Report that a call is in progress: it started, goes on, is held or was answered. `outcome` says what came of it. */
  callStarted(call: StartedCall): Promise<ReportCallStartedResponse> {
    return this.#connection.call(RouterServiceService.reportCallStarted, startedRequest(call), call);
  }

  /** Report that a call, or one leg of it, ended. `outcome` says what came of it. */
  callEnded(call: EndedCall): Promise<ReportCallEndedResponse> {
    return this.#connection.call(RouterServiceService.reportCallEnded, endedRequest(call), call);
  }

  /**
   * Report facts, each on its own. More than 1,000 go in several requests, one after another, with the ids `<requestId>`,
   * `<requestId>/2` and so on. Where one of them fails as a whole, call again with the error's `requestId` and the same facts.
   */
  async report(facts: readonly Fact[], options: MutationOptions = {}): Promise<Report> {
    const requestId = options.requestId === undefined || options.requestId === "" ? randomUUID() : options.requestId;
    const results: FactResult[] = [];
    let position = "";
    for (let first = 0, part = 1; part === 1 || first < facts.length; first += LARGEST_BATCH, part += 1) {
      const events = facts.slice(first, first + LARGEST_BATCH).map(eventOf);
      const id = part === 1 ? requestId : `${requestId}/${part}`;
      const answer = await this.#reportPart(events, id, requestId, options);
      results.push(...answer.results.map((result, index) => resultOf(result, itemIdOf(events[index]))));
      position = answer.position;
    }
    return { results, position };
  }

  /** Tell all calls that a source has, up to 1,000: its other calls end, missing ones start. Say as of when the list is. */
  reconcile(
    source: string,
    calls: readonly PresentCall[],
    options: ReconcileOptions = {},
  ): Promise<ReconcileCallsResponse> {
    const request = ReconcileCallsRequest.fromPartial({
      source,
      calls: calls.map((call) => ({ ...named(call, ["staffId", "callId", "direction", "leg"]), ...occurred(call) })),
      ...named(options, ["requestId", "observedPosition"]),
      ...(options.observedAt === undefined ? {} : { observedAt: instantOf(options.observedAt) }),
      ...(options.staffIds === undefined ? {} : { staffIds: [...options.staffIds] }),
    });
    return this.#connection.call(RouterServiceService.reconcileCalls, request, options);
  }

  /** Everybody who matches, page after page, at one revision that is at or after `atLeast`. */
  async listStaff(
    filter: Partial<StaffFilter> = {},
    options: CallOptions & { readonly atLeast?: string | undefined } = {},
  ): Promise<StaffList> {
    const staff: Staff[] = [];
    let pageToken = "";
    for (;;) {
      const request = ListStaffRequest.fromPartial({
        filter,
        pageSize: LARGEST_PAGE,
        pageToken,
        atLeast: options.atLeast ?? "",
      });
      const page = await this.#connection.call(RouterServiceService.listStaff, request, options);
      for (const person of page.staff) staff.push(person);
      if (page.nextPageToken === "") return { staff, position: page.position };
      pageToken = page.nextPageToken;
    }
  }

  /** A live copy of the staff that match. It watches at once; close it, or the connection, when it is no longer needed. */
  floor(filter: Partial<StaffFilter> = {}, options: FloorOptions = {}): Floor {
    return new Floor(this.#connection, StaffFilter.fromPartial(filter), options);
  }

  async #reportPart(
    events: CallEvent[],
    id: string,
    baseId: string,
    options: CallOptions,
  ): Promise<{ results: CallEventResult[]; position: string }> {
    try {
      const request = ReportCallEventsRequest.fromPartial({ requestId: id, events: [] });
      return await this.#connection.call(RouterServiceService.reportCallEvents, { ...request, events }, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      // The id to repeat is the one of all parts; that of one part would repeat the wrong facts.
      throw withRequestId(errorFrom(error), baseId);
    }
  }
}

function targetOf(staffId: string | undefined, skillGroup: string | undefined): ClaimStaffRequest["target"] {
  if (staffId !== undefined) return { $case: "staffId", value: staffId };
  return skillGroup === undefined ? undefined : { $case: "skillGroup", value: skillGroup };
}

function startedRequest(call: Omit<StartedCall, keyof CallOptions>): ReportCallStartedRequest {
  const fields = named(call, ["staffId", "callId", "direction", "source", "leg", "onHold", "answered"]);
  const guards = named(call, ["requestId", "expectedRevision"]);
  return ReportCallStartedRequest.fromPartial({ ...fields, ...guards, ...occurred(call) });
}

function endedRequest(call: Omit<EndedCall, keyof CallOptions>): ReportCallEndedRequest {
  const fields = named(call, ["staffId", "callId", "source", "leg", "answered", "requestId", "expectedRevision"]);
  return ReportCallEndedRequest.fromPartial({ ...fields, ...occurred(call) });
}

function eventOf(fact: Fact): CallEvent {
  if ("started" in fact) return { event: { $case: "started", value: startedRequest(fact.started) } };
  return { event: { $case: "ended", value: endedRequest(fact.ended) } };
}

function itemIdOf(event: CallEvent | undefined): string {
  return event?.event?.value.requestId ?? "";
}

function resultOf({ result }: CallEventResult, requestId: string): FactResult {
  if (result?.$case === "taken") return { taken: result.value };
  if (result?.$case === "error") return { error: errorFromItem(result.value, requestId) };
  return { error: errorOf({ code: status.UNKNOWN, message: "the server gave no result for this fact", requestId }) };
}

function occurred(call: { readonly occurredAt?: Occurrence | undefined }): { occurredAt?: Timestamp } {
  const { occurredAt } = call;
  if (occurredAt === undefined) return {};
  return { occurredAt: instantOf(occurredAt) };
}

function instantOf(occurrence: Occurrence): Timestamp {
  return occurrence instanceof Date ? fromDate(occurrence) : occurrence;
}

/** The fields named that have a value. */
function named<T extends object, Field extends keyof T>(
  from: T,
  fields: readonly Field[],
): { [F in Field]?: Exclude<T[F], undefined> } {
  const found: { [F in Field]?: Exclude<T[F], undefined> } = {};
  for (const field of fields) {
    const value = from[field];
    if (value !== undefined) found[field] = value as Exclude<T[Field], undefined>;
  }
  return found;
}
