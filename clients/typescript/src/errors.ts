/**
 * The errors of the client: one tree, made from what the server sent.
 *
 * It does not decide whether something is tried again.
 */
import { status } from "@grpc/grpc-js";

import { ErrorReason } from "../gen/onduty/v1/errors.js";
import type { Action, SkillGroupSummary, Staff, StatusCount } from "../gen/onduty/v1/staff.js";

/** A field at fault. */
export interface Violation {
  /** The field's path in the request. */
  readonly field: string;
  /** What is wrong with it. */
  readonly description: string;
}

/** What is known of a failure, whatever its class. Internal: users read the errors' own fields. */
export interface Failure {
  readonly code: status;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly requestId?: string | undefined;
  readonly current?: Staff | undefined;
  readonly requested?: Action | undefined;
  readonly allowed?: readonly Action[] | undefined;
  readonly violations?: readonly Violation[] | undefined;
  readonly counts?: readonly StatusCount[] | undefined;
  readonly skillGroups?: readonly SkillGroupSummary[] | undefined;
  readonly expectedRevision?: bigint | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

const FAILURES = new WeakMap<OndutyError, Failure>();

/** The root of all failures of a call; also what fits nothing below. */
export class OndutyError extends Error {
  override readonly name: string = "OndutyError";
  /** The gRPC code's name, as "FAILED_PRECONDITION". */
  readonly code: string;
  /** The name in ErrorReason, as "TRANSITION_REFUSED". Empty where the failure is not the service's own. */
  readonly reason: string;
  /** The reason's metadata; docs/reference/errors.md lists the keys. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The mutation's request id, also where the client made it. Empty otherwise. */
  readonly requestId: string;

  /** Made by the client only. */
  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = status[failure.code];
    this.reason = failure.reason ?? "";
    this.metadata = failure.metadata ?? {};
    this.requestId = failure.requestId ?? "";
    FAILURES.set(this, failure);
  }
}

/** The request is not one that the service takes. The same request fails again. */
export class InvalidRequestError extends OndutyError {
  override readonly name = "InvalidRequestError";
  /** The fields at fault, up to 20. */
  readonly violations: readonly Violation[];
  constructor(failure: Failure) {
    super(failure);
    this.violations = failure.violations ?? [];
  }
}

/** No such staff member or claim, or none that is still known. */
export class NotFoundError extends OndutyError {
  override readonly name = "NotFoundError";
}

/** A staff member or break reason of this name exists. */
export class AlreadyExistsError extends OndutyError {
  override readonly name = "AlreadyExistsError";
}

/** The staff member's state does not allow what was asked. Nothing was changed. */
export class RefusedError extends OndutyError {
  override readonly name = "RefusedError";
  /** The state as it is. Undefined where the server sent none. */
  readonly current: Staff | undefined;
  /** What was asked. Undefined where the server did not say. */
  readonly requested: Action | undefined;
  /** What is allowed in that state. Undefined where the server did not say. */
  readonly allowed: readonly Action[] | undefined;
  constructor(failure: Failure) {
    super(failure);
    this.current = failure.current;
    this.requested = failure.requested;
    this.allowed = failure.allowed;
  }
}

/** None of the candidates, or nobody in the skill groups, can be given the call now. */
export class NobodyAvailableError extends OndutyError {
  override readonly name = "NobodyAvailableError";
  /** All who were asked about, by status; nobody counts twice. Statuses that nobody has are left out. */
  readonly counts: readonly StatusCount[];
  /** The members of each skill group that was asked, in the order of the request; empty with candidates. */
  readonly skillGroups: readonly SkillGroupSummary[];
  constructor(failure: Failure) {
    super(failure);
    this.counts = failure.counts ?? [];
    this.skillGroups = failure.skillGroups ?? [];
  }
}

/** The state has changed since the expected revision. Read it again and decide anew. */
export class RevisionMismatchError extends OndutyError {
  override readonly name = "RevisionMismatchError";
  /** The staff member's state as it is. Undefined for break reasons and the policy. */
  readonly current: Staff | undefined;
  /** The revision that was expected. Undefined where the server did not say. */
  readonly expectedRevision: bigint | undefined;
  constructor(failure: Failure) {
    super(failure);
    this.current = failure.current;
    this.expectedRevision = failure.expectedRevision ?? wholeNumber(this.metadata["expected_revision"]);
  }
}

/** The position cannot be continued from. Watch afresh. */
export class PositionError extends OndutyError {
  override readonly name = "PositionError";
}

/** A workspace attached with the same id, and this one is the older. It does not attach again by itself. */
export class ReplacedError extends OndutyError {
  override readonly name = "ReplacedError";
  /** The id that both have. Empty where the server did not say. */
  readonly workspaceId: string;
  constructor(failure: Failure) {
    super(failure);
    this.workspaceId = this.metadata["workspace_id"] ?? "";
  }
}

/** The server has too much to do for this caller. */
export class OverloadedError extends OndutyError {
  override readonly name = "OverloadedError";
  /** Seconds to wait before the next attempt. Undefined where the server did not say. */
  readonly retryAfter: number | undefined;
  constructor(failure: Failure) {
    super(failure);
    this.retryAfter = failure.retryAfter;
  }
}

/** The server cannot be reached, is shutting down, or cannot write its journal. */
export class UnavailableError extends OndutyError {
  override readonly name = "UnavailableError";
  /** Seconds to wait before the next attempt. Undefined where the server did not say. */
  readonly retryAfter: number | undefined;
  constructor(failure: Failure) {
    super(failure);
    this.retryAfter = failure.retryAfter;
  }
}

/** The deadline passed. The outcome is unknown: ask again with the same request id. */
export class TimedOutError extends OndutyError {
  override readonly name = "TimedOutError";
}

/** The credential is missing, has ended, or does not allow this. */
export class AccessError extends OndutyError {
  override readonly name = "AccessError";
}

/** The server does not know this service or method. */
export class UnsupportedError extends OndutyError {
  override readonly name = "UnsupportedError";
}

/** A fault of the service. */
export class InternalError extends OndutyError {
  override readonly name = "InternalError";
  /** What to report, so that the server's log can be searched. Empty where the server sent none. */
  readonly incidentId: string;
  constructor(failure: Failure) {
    super(failure);
    this.incidentId = this.metadata["incident_id"] ?? "";
  }
}

type ErrorClass = new (failure: Failure) => OndutyError;
type Reason = Exclude<keyof typeof ErrorReason, "UNSPECIFIED">;

// The type makes it complete: a reason that the contract adds does not compile until it has its class.
const BY_REASON: Readonly<Record<Reason, ErrorClass>> = {
  INVALID_FIELD: InvalidRequestError,
  MALFORMED_REQUEST: InvalidRequestError,
  REQUEST_TOO_LARGE: InvalidRequestError,
  REQUEST_ID_REUSED: InvalidRequestError,
  BREAK_REASON_UNKNOWN: InvalidRequestError,
  BREAK_REASON_DISABLED: InvalidRequestError,
  PAGE_TOKEN_INVALID: InvalidRequestError,
  QUERY_TOO_LONG: InvalidRequestError,
  POSITION_MALFORMED: InvalidRequestError,
  STAFF_UNKNOWN: NotFoundError,
  CLAIM_UNKNOWN: NotFoundError,
  STAFF_EXISTS: AlreadyExistsError,
  BREAK_REASON_EXISTS: AlreadyExistsError,
  TRANSITION_REFUSED: RefusedError,
  STAFF_NOT_ASSIGNABLE: RefusedError,
  OFFER_GONE: RefusedError,
  STAFF_SIGNED_IN: RefusedError,
  BREAK_REASON_BUILT_IN: RefusedError,
  COLLEAGUES_HIDDEN: RefusedError,
  STAFF_NOT_DELETED: RefusedError,
  NOBODY_AVAILABLE: NobodyAvailableError,
  REVISION_MISMATCH: RevisionMismatchError,
  POSITION_TOO_OLD: PositionError,
  POSITION_IN_FUTURE: PositionError,
  POSITION_EPOCH_ENDED: PositionError,
  POSITION_FOREIGN: PositionError,
  POSITION_FILTER_CHANGED: PositionError,
  ATTACHMENT_REPLACED: ReplacedError,
  WATCH_QUOTA: OverloadedError,
  ATTACHMENT_QUOTA: OverloadedError,
  OVERLOADED: OverloadedError,
  RATE_LIMITED: OverloadedError,
  WATCHER_TOO_SLOW: OverloadedError,
  JOURNAL_UNAVAILABLE: UnavailableError,
  LEADER_UNAVAILABLE: UnavailableError,
  DRAINING: UnavailableError,
  ISSUER_UNAVAILABLE: UnavailableError,
  UNAUTHENTICATED: AccessError,
  PERMISSION_DENIED: AccessError,
  METHOD_UNKNOWN: UnsupportedError,
  INTERNAL: InternalError,
};

// A failure without a reason, or with one of a newer server: a program that handles refusals handles those that are added later.
const BY_CODE: Readonly<Partial<Record<status, ErrorClass>>> = {
  [status.INVALID_ARGUMENT]: InvalidRequestError,
  [status.NOT_FOUND]: NotFoundError,
  [status.ALREADY_EXISTS]: AlreadyExistsError,
  [status.FAILED_PRECONDITION]: RefusedError,
  [status.OUT_OF_RANGE]: PositionError,
  [status.RESOURCE_EXHAUSTED]: OverloadedError,
  [status.UNAVAILABLE]: UnavailableError,
  [status.DEADLINE_EXCEEDED]: TimedOutError,
  [status.UNAUTHENTICATED]: AccessError,
  [status.PERMISSION_DENIED]: AccessError,
  [status.UNIMPLEMENTED]: UnsupportedError,
  [status.INTERNAL]: InternalError,
  [status.UNKNOWN]: InternalError,
};

/** Make the error that a failure is: by its reason, else by its gRPC code. */
export function errorOf(failure: Failure): OndutyError {
  return new (errorClassOf(failure.reason ?? "", failure.code))(failure);
}

/** The same error with another request id. */
export function withRequestId(error: OndutyError, requestId: string): OndutyError {
  const failure = FAILURES.get(error);
  return failure === undefined ? error : errorOf({ ...failure, requestId });
}

/** The class of a reason; a reason that is not known goes by the gRPC code. */
export function errorClassOf(reason: string, code: status): ErrorClass {
  if (Object.hasOwn(BY_REASON, reason)) return BY_REASON[reason as Reason];
  return BY_CODE[code] ?? OndutyError;
}

/** Every reason that the contract names, without UNSPECIFIED. */
export function knownReasons(): string[] {
  const names = Object.values(ErrorReason).filter((name) => typeof name === "string");
  return names.filter((name) => name !== ErrorReason[ErrorReason.UNSPECIFIED]);
}

function wholeNumber(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}
