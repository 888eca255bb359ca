/**
 * What routers and telephony ask for: claims, call facts, lists, and the floor.
 *
 * It keeps no state of its own.
 */
import {
  GetClaimRequest,
  ListStaffRequest,
  ReportCallEventsRequest,
  RouterServiceService,
  WithdrawClaimRequest,
  type CallEvent,
  type ClaimStaffResponse,
  type GetClaimResponse,
  type ReconcileCallsResponse,
  type ReportCallEndedResponse,
  type ReportCallEventsResponse,
  type ReportCallStartedResponse,
  type WithdrawClaimResponse,
  type WithdrawReason,
} from "../gen/onduty/v1/router_service.js";
import { StaffFilter, type Staff } from "../gen/onduty/v1/staff.js";
import type { CallOptions, Connection, ReadOptions } from "./connection.js";
import { errorFrom } from "./error_details.js";
import { withRequestId } from "./errors.js";
import { Floor, type FloorOptions } from "./floor.js";
import { newRequestId } from "./ids.js";
import { LARGEST_PAGE } from "./options.js";
import { Outbox, type OutboxOptions } from "./outbox.js";
import {
  LARGEST_BATCH,
  endedRequest,
  eventOf,
  firstClaim,
  memberClaim,
  named,
  namedClaim,
  reconcileRequest,
  resultOf,
  startedRequest,
  type EndedCall,
  type Fact,
  type FactResult,
  type FirstClaim,
  type GuardedOptions,
  type MemberClaim,
  type MutationOptions,
  type NamedClaim,
  type PresentCall,
  type ReconcileOptions,
  type Report,
  type StaffList,
  type StartedCall,
} from "./router_requests.js";

/** Routing and telephony. Every method fails with an OndutyError. */
export class RouterClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Claim one staff member, by name. RefusedError: they cannot be given the call; NotFoundError: unknown. */
  claim(claim: NamedClaim): Promise<ClaimStaffResponse> {
    return this.#connection.call(RouterServiceService.claimStaff, namedClaim(claim), claim);
  }

  /** Claim the first of up to 100 staff members, the best first, who can be given the call. NobodyAvailableError: none can. */
  claimFirst(claim: FirstClaim): Promise<ClaimStaffResponse> {
    return this.#connection.call(RouterServiceService.claimStaff, firstClaim(claim), claim);
  }

  /**
   * Claim a member of skill groups: of the first group that has somebody who can be given the call. `skillGroup` of the answer
   * says which. NobodyAvailableError: nobody can; its `skillGroups` say what the members do.
   */
  claimMember(claim: MemberClaim): Promise<ClaimStaffResponse> {
    return this.#connection.call(RouterServiceService.claimStaff, memberClaim(claim), claim);
  }

  /** Take a claim back; no miss is counted. `applied` is false where it had ended already. NotFoundError: unknown. */
  withdraw(
    claimId: string,
    options: GuardedOptions & { readonly reason?: WithdrawReason | undefined } = {},
  ): Promise<WithdrawClaimResponse> {
    const fields = named(options, ["reason", "requestId", "expectedRevision"]);
    const request = WithdrawClaimRequest.fromPartial({ claimId, ...fields });
    return this.#connection.call(RouterServiceService.withdrawClaim, request, options);
  }

  /** Read a claim: whether it is outstanding, or how it ended. NotFoundError: unknown, or forgotten. */
  getClaim(claimId: string, options: ReadOptions = {}): Promise<GetClaimResponse> {
    const request = GetClaimRequest.fromPartial({ claimId, ...named(options, ["atLeast"]) });
    return this.#connection.call(RouterServiceService.getClaim, request, options);
  }

  /** Report that a call is in progress: it started, goes on, is held or was answered. `outcome` says what came of it. */
  callStarted(call: StartedCall): Promise<ReportCallStartedResponse> {
    return this.#connection.call(RouterServiceService.reportCallStarted, startedRequest(call), this.#waiting(call));
  }

  /** Report that a call, or one leg of it, ended. `outcome` says what came of it. */
  callEnded(call: EndedCall): Promise<ReportCallEndedResponse> {
    return this.#connection.call(RouterServiceService.reportCallEnded, endedRequest(call), this.#waiting(call));
  }

  /**
   * Report facts, each on its own. More than 1,000 go in several requests, one after another, with the ids `<requestId>`,
   * `<requestId>/2` and so on. Where one of them fails as a whole, call again with the error's `requestId` and the same facts.
   */
  async report(facts: readonly Fact[], options: MutationOptions = {}): Promise<Report> {
    const requestId = options.requestId === undefined || options.requestId === "" ? newRequestId() : options.requestId;
    const results: FactResult[] = [];
    let position = "";
    for (let first = 0, part = 1; part === 1 || first < facts.length; first += LARGEST_BATCH, part += 1) {
      const events = facts.slice(first, first + LARGEST_BATCH).map(eventOf);
      const id = part === 1 ? requestId : `${requestId}/${part}`;
      const answer = await this.#reportPart(events, id, requestId, options);
      results.push(...answer.results.map((result, index) => resultOf(result, events[index])));
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
    const request = reconcileRequest(source, calls, options);
    return this.#connection.call(RouterServiceService.reconcileCalls, request, this.#waiting(options));
  }

  /** Everybody who matches, page after page, at or after `atLeast`, with the first page's position. */
  async listStaff(filter: Partial<StaffFilter> = {}, options: ReadOptions = {}): Promise<StaffList> {
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

  /** Facts that are delivered in the end: it takes them at once and repeats them until the service has taken them. */
  outbox(options: OutboxOptions = {}): Outbox {
    return new Outbox(this.#connection, options);
  }

  /** A live copy of the staff that match. It watches at once; close it, or the connection, when it is no longer needed. */
  floor(filter: Partial<StaffFilter> = {}, options: FloorOptions = {}): Floor {
    return new Floor(this.#connection, StaffFilter.fromPartial(filter), options);
  }

  // Facts wait within their deadline for a server that is not reached.
  #waiting({ timeout, signal, waitForReady }: CallOptions): CallOptions {
    return { timeout, signal, waitForReady: waitForReady ?? !this.#connection.settings.factsFailFast };
  }

  async #reportPart(
    events: CallEvent[],
    id: string,
    baseId: string,
    options: CallOptions,
  ): Promise<ReportCallEventsResponse> {
    try {
      const request = ReportCallEventsRequest.fromPartial({ requestId: id, events: [] });
      return await this.#connection.call(
        RouterServiceService.reportCallEvents,
        { ...request, events },
        this.#waiting(options),
      );
    } catch (error) {
      options.signal?.throwIfAborted();
      // The id to repeat is the one of all parts; that of one part would repeat the wrong facts.
      throw withRequestId(errorFrom(error), baseId);
    }
  }
}
