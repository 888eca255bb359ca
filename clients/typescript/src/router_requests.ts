/**
 * What a router says and what it hears, and the requests of the contract that it becomes.
 *
 * It is pure: it sends nothing.
 */
import { status } from "@grpc/grpc-js";

import type { Timestamp } from "../gen/google/protobuf/timestamp.js";
import type { ItemResult, ItemTaken } from "../gen/onduty/v1/batch.js";
import {
  CallEvent,
  ClaimStaffRequest,
  GroupMember,
  NamedStaff,
  ReconcileCallsRequest,
  ReportCallEndedRequest,
  ReportCallStartedRequest,
  type ClaimOrder,
  type SkillGroupLevel,
} from "../gen/onduty/v1/router_service.js";
import type { Direction, Staff } from "../gen/onduty/v1/staff.js";
import type { CallOptions } from "./connection.js";
import { errorFromItem } from "./error_details.js";
import { errorOf, type OndutyError } from "./errors.js";
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

/** What every claim has. */
export interface ClaimTerms extends MutationOptions {
  /** The call, 1-128 characters. */
  readonly callId: string;
  /** How long the offer lasts, 1-600 s. Absent: the policy's. */
  readonly ttl?: number | undefined;
  /** The kind of the call, INBOUND where absent. It says what must be open to the staff member. */
  readonly direction?: Direction | undefined;
  /** The telephony source that will report the call's end, up to 128 characters. */
  readonly source?: string | undefined;
  /** Also where the call is on offer already. Without it that offer is the answer, and `alreadyOffered` says so. */
  readonly anotherOffer?: boolean | undefined;
}

/** A claim on one staff member, by name. An offer of the call that there is answers it only where it is theirs. */
export interface NamedClaim extends ClaimTerms, GuardedOptions {
  /** Whom to claim. */
  readonly staffId: string;
}

/** A claim on the first of several staff members who can be given the call. */
export interface FirstClaim extends ClaimTerms {
  /** Whom to claim, the best first, 1-100. */
  readonly staffIds: readonly string[];
}

/** A skill group: by name alone where any level will do, or with the least level, 0-100. */
export type WantedGroup = string | { readonly name: string; readonly minLevel?: number | undefined };

/** A claim on a member of skill groups: of the first group that has somebody who can be given the call. */
export interface MemberClaim extends ClaimTerms {
  /** The groups in order of preference: one, or up to 20. */
  readonly skillGroups: WantedGroup | readonly WantedGroup[];
  /** Groups that whoever is chosen must be in as well, up to 20. */
  readonly requiredGroups?: WantedGroup | readonly WantedGroup[] | undefined;
  /** Staff to pass over, up to 1,000, as those who declined the call. */
  readonly excludeStaffIds?: readonly string[] | undefined;
  /** Whom to choose of several, LONGEST_IDLE where absent. */
  readonly order?: ClaimOrder | undefined;
}

/** A call that started. */
export interface StartedCall extends GuardedOptions {
  readonly staffId: string;
  readonly callId: string;
  /** That of the claim by which the call came, else INBOUND, where absent. */
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
  | { readonly taken: ItemTaken; readonly error?: undefined }
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

/** Everybody who matches a filter, and a position after which a watch misses nothing. */
export interface StaffList {
  /** By id. */
  readonly staff: readonly Staff[];
  /** What to give as `atLeast` to reads that must see the same. */
  readonly position: string;
}

/** How many facts a request holds. */
export const LARGEST_BATCH = 1_000;

type Target = ClaimStaffRequest["target"];

/** The request of a claim on one staff member. */
export function namedClaim(claim: NamedClaim): ClaimStaffRequest {
  const { staffId, expectedRevision } = claim;
  return claimOn({ $case: "named", value: NamedStaff.fromPartial({ staffId, expectedRevision }) }, claim);
}

/** The request of a claim on the first of several. */
export function firstClaim(claim: FirstClaim): ClaimStaffRequest {
  return claimOn({ $case: "candidates", value: { staffIds: [...claim.staffIds] } }, claim);
}

/** The request of a claim on a member of skill groups. */
export function memberClaim(claim: MemberClaim): ClaimStaffRequest {
  const value = GroupMember.fromPartial({
    skillGroups: levelsOf(claim.skillGroups),
    requiredGroups: levelsOf(claim.requiredGroups ?? []),
    excludeStaffIds: [...(claim.excludeStaffIds ?? [])],
    ...named(claim, ["order"]),
  });
  return claimOn({ $case: "groupMember", value }, claim);
}

function claimOn(target: Target, terms: ClaimTerms): ClaimStaffRequest {
  const fields = named(terms, ["callId", "requestId", "direction", "source", "anotherOffer"]);
  const ttl = terms.ttl === undefined ? undefined : toDuration(terms.ttl);
  return { ...ClaimStaffRequest.fromPartial(fields), target, ttl };
}

function levelsOf(groups: WantedGroup | readonly WantedGroup[]): SkillGroupLevel[] {
  return (isList(groups) ? groups : [groups]).map((group) =>
    typeof group === "string" ? { name: group, minLevel: 0 } : { name: group.name, minLevel: group.minLevel ?? 0 },
  );
}

function isList(groups: WantedGroup | readonly WantedGroup[]): groups is readonly WantedGroup[] {
  return Array.isArray(groups);
}

/** The request of a call that started. */
export function startedRequest(call: Omit<StartedCall, keyof CallOptions>): ReportCallStartedRequest {
  const fields = named(call, ["staffId", "callId", "direction", "source", "leg", "onHold", "answered"]);
  const guards = named(call, ["requestId", "expectedRevision"]);
  return ReportCallStartedRequest.fromPartial({ ...fields, ...guards, ...occurred(call) });
}

/** The request of a call that ended. */
export function endedRequest(call: Omit<EndedCall, keyof CallOptions>): ReportCallEndedRequest {
  const fields = named(call, ["staffId", "callId", "source", "leg", "answered", "requestId", "expectedRevision"]);
  return ReportCallEndedRequest.fromPartial({ ...fields, ...occurred(call) });
}

/** The event of a fact. */
export function eventOf(fact: Fact): CallEvent {
  if ("started" in fact) return { event: { $case: "started", value: startedRequest(fact.started) } };
  return { event: { $case: "ended", value: endedRequest(fact.ended) } };
}

/** What came of an event. */
export function resultOf({ result }: ItemResult, event: CallEvent | undefined): FactResult {
  if (result?.$case === "taken") return { taken: result.value };
  const requestId = event?.event?.value.requestId ?? "";
  if (result?.$case === "error") return { error: errorFromItem(result.value, requestId) };
  return { error: errorOf({ code: status.UNKNOWN, message: "the server gave no result for this fact", requestId }) };
}

/** The request that tells all calls of a source. */
export function reconcileRequest(
  source: string,
  calls: readonly PresentCall[],
  options: ReconcileOptions,
): ReconcileCallsRequest {
  return ReconcileCallsRequest.fromPartial({
    source,
    calls: calls.map((call) => ({ ...named(call, ["staffId", "callId", "direction", "leg"]), ...occurred(call) })),
    ...named(options, ["requestId", "observedPosition"]),
    ...(options.observedAt === undefined ? {} : { observedAt: instantOf(options.observedAt) }),
    ...(options.staffIds === undefined ? {} : { staffIds: [...options.staffIds] }),
  });
}

function occurred(call: { readonly occurredAt?: Occurrence | undefined }): { occurredAt?: Timestamp } {
  return call.occurredAt === undefined ? {} : { occurredAt: instantOf(call.occurredAt) };
}

function instantOf(occurrence: Occurrence): Timestamp {
  return occurrence instanceof Date ? fromDate(occurrence) : occurrence;
}

/** The fields named that have a value. */
export function named<T extends object, Field extends keyof T>(
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
