import assert from "node:assert/strict";
import { test } from "node:test";

import { Metadata, status, type ServiceError } from "@grpc/grpc-js";

import { BadRequest, ErrorInfo, RetryInfo } from "../gen/google/rpc/error_details.js";
import { Status as RpcStatus } from "../gen/google/rpc/status.js";
import { errorFrom, errorFromItem } from "../src/error_details.js";
import { errorClassOf, knownReasons, withRequestId } from "../src/errors.js";
import * as onduty from "../src/index.js";
import { Action, ErrorReason, NobodyAvailable, RevisionMismatch, Status, TransitionRefusal } from "../src/v1.js";

// The table of docs/client-contract.md.
const TABLE: Record<string, string> = {
  InvalidRequestError:
    "INVALID_FIELD MALFORMED_REQUEST REQUEST_TOO_LARGE REQUEST_ID_REUSED BREAK_REASON_UNKNOWN BREAK_REASON_DISABLED " +
    "PAGE_TOKEN_INVALID QUERY_TOO_LONG POSITION_MALFORMED",
  NotFoundError: "STAFF_UNKNOWN CLAIM_UNKNOWN",
  AlreadyExistsError: "STAFF_EXISTS BREAK_REASON_EXISTS",
  RefusedError:
    "TRANSITION_REFUSED STAFF_NOT_ASSIGNABLE OFFER_GONE STAFF_SIGNED_IN BREAK_REASON_BUILT_IN " +
    "COLLEAGUES_HIDDEN STAFF_NOT_DELETED",
  NobodyAvailableError: "NOBODY_AVAILABLE",
  RevisionMismatchError: "REVISION_MISMATCH",
  PositionError: "POSITION_TOO_OLD POSITION_IN_FUTURE POSITION_EPOCH_ENDED POSITION_FOREIGN POSITION_FILTER_CHANGED",
  ReplacedError: "ATTACHMENT_REPLACED",
  OverloadedError: "WATCH_QUOTA ATTACHMENT_QUOTA OVERLOADED RATE_LIMITED WATCHER_TOO_SLOW",
  UnavailableError: "JOURNAL_UNAVAILABLE LEADER_UNAVAILABLE DRAINING ISSUER_UNAVAILABLE",
  AccessError: "UNAUTHENTICATED PERMISSION_DENIED",
  UnsupportedError: "METHOD_UNKNOWN",
  InternalError: "INTERNAL",
};

interface Encoded {
  finish(): Uint8Array;
}

function statusWith(code: number, details: Record<string, Encoded> = {}): RpcStatus {
  const packed = Object.entries(details).map(([name, bytes]) => ({
    typeUrl: `type.googleapis.com/${name}`,
    value: Buffer.from(bytes.finish()),
  }));
  return { code, message: "why", details: packed };
}

function rejection(code: status, details: Record<string, Encoded> = {}): ServiceError {
  const metadata = new Metadata();
  const told = statusWith(code, details);
  if (told.details.length > 0) metadata.set("grpc-status-details-bin", Buffer.from(RpcStatus.encode(told).finish()));
  return Object.assign(new Error(`${code} why`), { code, details: "why", metadata });
}

function info(reason: string, metadata: Record<string, string> = {}, domain = "onduty.dev"): Record<string, Encoded> {
  return { "google.rpc.ErrorInfo": ErrorInfo.encode({ reason, domain, metadata }) };
}

function made<T extends onduty.OndutyError>(type: new (...args: never[]) => T, error: onduty.OndutyError): T {
  assert.ok(error instanceof type, `${error.name} is not ${type.name}`);
  return error;
}

test("every reason of the contract has the error that the client contract names", () => {
  const named = new Map(
    Object.entries(TABLE).flatMap(([error, reasons]) => reasons.split(" ").map((each) => [each, error])),
  );
  const mapped = new Map(knownReasons().map((reason) => [reason, errorClassOf(reason, status.OK).name]));
  assert.deepEqual(mapped, named);
  assert.equal(mapped.size, Object.values(ErrorReason).filter((value) => typeof value === "number").length - 1);
});

test("a failure without a reason goes by its gRPC code", () => {
  const expected: Partial<Record<keyof typeof status, string>> = {
    INVALID_ARGUMENT: "InvalidRequestError",
    NOT_FOUND: "NotFoundError",
    ALREADY_EXISTS: "AlreadyExistsError",
    FAILED_PRECONDITION: "RefusedError",
    OUT_OF_RANGE: "PositionError",
    RESOURCE_EXHAUSTED: "OverloadedError",
    ABORTED: "OndutyError",
    UNAVAILABLE: "UnavailableError",
    DEADLINE_EXCEEDED: "TimedOutError",
    UNAUTHENTICATED: "AccessError",
    PERMISSION_DENIED: "AccessError",
    UNIMPLEMENTED: "UnsupportedError",
    INTERNAL: "InternalError",
    UNKNOWN: "InternalError",
    CANCELLED: "OndutyError",
    DATA_LOSS: "OndutyError",
  };
  for (const [code, name] of Object.entries(expected)) {
    const error = errorFrom(rejection(status[code as keyof typeof status]));
    assert.deepEqual([error.name, error.code, error.reason], [name, code, ""]);
  }
});

test("a reason that the client does not know goes by its gRPC code and keeps its name", () => {
  const error = errorFrom(rejection(status.FAILED_PRECONDITION, info("FROM_THE_FUTURE", { staff_id: "ada" })));
  const { name, reason, metadata } = error;
  assert.deepEqual([name, reason, metadata], ["RefusedError", "FROM_THE_FUTURE", { staff_id: "ada" }]);
});

test("a reason of another domain is not the service's own", () => {
  const error = errorFrom(rejection(status.UNAVAILABLE, info("STAFF_UNKNOWN", { a: "b" }, "proxy")));
  assert.deepEqual([error.name, error.reason, error.metadata], ["UnavailableError", "", {}]);
});

test("every error is an OndutyError and an Error, with its class's name", () => {
  for (const reason of knownReasons()) {
    const error = errorFrom(rejection(status.ABORTED, info(reason, { a: "b" })), "r-1");
    assert.ok(error instanceof onduty.OndutyError && error instanceof Error);
    assert.equal(error.name, error.constructor.name);
    assert.deepEqual([error.code, error.reason, error.message, error.requestId], ["ABORTED", reason, "why", "r-1"]);
    assert.deepEqual(error.metadata, { a: "b" });
  }
});

test("a bad field is named", () => {
  const fieldViolations = [{ field: "ttl", description: "is too long" }];
  const details = { "google.rpc.BadRequest": BadRequest.encode(BadRequest.fromPartial({ fieldViolations })) };
  const error = errorFrom(rejection(status.INVALID_ARGUMENT, { ...info("INVALID_FIELD"), ...details }));
  assert.deepEqual(made(onduty.InvalidRequestError, error).violations, fieldViolations);
});

test("a refusal tells the present state, what was asked and what is allowed", () => {
  const refusal = TransitionRefusal.fromPartial({
    current: { staffId: "ada", status: Status.IN_LINE },
    requested: Action.CHANGE_TO_BUSY,
    allowed: [Action.SET_NEXT_STATUS],
  });
  const details = { "onduty.v1.TransitionRefusal": TransitionRefusal.encode(refusal) };
  const error = made(
    onduty.RefusedError,
    errorFrom(rejection(status.FAILED_PRECONDITION, { ...info("TRANSITION_REFUSED"), ...details })),
  );
  assert.equal(error.current?.status, Status.IN_LINE);
  assert.deepEqual([error.requested, error.allowed], [Action.CHANGE_TO_BUSY, [Action.SET_NEXT_STATUS]]);
});

test("a refusal without a detail has no state", () => {
  const error = made(
    onduty.RefusedError,
    errorFrom(rejection(status.FAILED_PRECONDITION, info("BREAK_REASON_BUILT_IN"))),
  );
  assert.deepEqual([error.current, error.requested, error.allowed], [undefined, undefined, undefined]);
});

test("nobody available tells the counts by status, of all and of each group", () => {
  const counts = [{ status: Status.BUSY, count: 2, assignable: 0 }];
  const skillGroups = [{ skillGroup: "sales", counts, total: 2 }];
  const details = { "onduty.v1.NobodyAvailable": NobodyAvailable.encode({ counts, skillGroups }) };
  const error = made(
    onduty.NobodyAvailableError,
    errorFrom(rejection(status.FAILED_PRECONDITION, { ...info("NOBODY_AVAILABLE"), ...details })),
  );
  assert.deepEqual([error.counts, error.skillGroups], [counts, skillGroups]);
});

test("a revision mismatch tells the present state and the revision expected", () => {
  const detail = RevisionMismatch.encode(
    RevisionMismatch.fromPartial({ current: { revision: 9n }, expectedRevision: 7n }),
  );
  const details = { ...info("REVISION_MISMATCH"), "onduty.v1.RevisionMismatch": detail };
  const error = made(onduty.RevisionMismatchError, errorFrom(rejection(status.ABORTED, details)));
  assert.deepEqual([error.current?.revision, error.expectedRevision], [9n, 7n]);
});

test("a revision mismatch of a break reason has the revision of its metadata", () => {
  const details = info("REVISION_MISMATCH", { break_reason: "lunch", expected_revision: "7" });
  const error = made(onduty.RevisionMismatchError, errorFrom(rejection(status.ABORTED, details)));
  assert.deepEqual([error.current, error.expectedRevision], [undefined, 7n]);
});

test("a revision mismatch of which the server does not say more expected nothing that is known", () => {
  const error = made(onduty.RevisionMismatchError, errorFrom(rejection(status.ABORTED, info("REVISION_MISMATCH"))));
  assert.deepEqual([error.current, error.expectedRevision], [undefined, undefined]);
});

test("revision 0 was expected where the server says so", () => {
  const detail = RevisionMismatch.encode(RevisionMismatch.fromPartial({ expectedRevision: 0n }));
  const details = { ...info("REVISION_MISMATCH"), "onduty.v1.RevisionMismatch": detail };
  const error = made(onduty.RevisionMismatchError, errorFrom(rejection(status.ABORTED, details)));
  assert.equal(error.expectedRevision, 0n);
});

test("a replaced workspace's error has the id that both have", () => {
  const details = info("ATTACHMENT_REPLACED", { workspace_id: "desk-7" });
  const error = made(onduty.ReplacedError, errorFrom(rejection(status.ABORTED, details)));
  assert.equal(error.workspaceId, "desk-7");
});

test("the wait that the server asks for is told in seconds", () => {
  const retryInfo = { retryDelay: { seconds: 1n, nanos: 500_000_000 } };
  const withWait = (reason: string): Record<string, Encoded> => ({
    ...info(reason),
    "google.rpc.RetryInfo": RetryInfo.encode(retryInfo),
  });
  const overloaded = errorFrom(rejection(status.RESOURCE_EXHAUSTED, withWait("OVERLOADED")));
  const draining = errorFrom(rejection(status.UNAVAILABLE, withWait("DRAINING")));
  assert.equal(made(onduty.OverloadedError, overloaded).retryAfter, 1.5);
  assert.equal(made(onduty.UnavailableError, draining).retryAfter, 1.5);
});

test("a fault of the service has its incident id", () => {
  const error = errorFrom(rejection(status.INTERNAL, info("INTERNAL", { incident_id: "i-1" })));
  assert.equal(made(onduty.InternalError, error).incidentId, "i-1");
});

test("details that cannot be read do not hide the failure", () => {
  const failed = rejection(status.NOT_FOUND);
  failed.metadata.set("grpc-status-details-bin", Buffer.from([0xff, 0xff, 0xff]));
  assert.deepEqual([errorFrom(failed).code, errorFrom(failed).message], ["NOT_FOUND", "why"]);
});

test("a detail that cannot be read hides no other", () => {
  const broken = { finish: () => new Uint8Array([0xff, 0xff]) };
  const details = { "google.rpc.BadRequest": broken, ...info("STAFF_UNKNOWN") };
  assert.equal(errorFrom(rejection(status.NOT_FOUND, details)).reason, "STAFF_UNKNOWN");
});

test("what is no failure of gRPC becomes an OndutyError with its cause", () => {
  const cause = new RangeError("broken");
  const error = errorFrom(cause);
  assert.deepEqual([error.name, error.code, error.cause], ["OndutyError", "UNKNOWN", cause]);
});

test("an item's error is the one that the request would have had on its own", () => {
  const refusal = TransitionRefusal.fromPartial({
    current: { staffId: "ada" },
    requested: Action.CLAIM,
    allowed: [Action.PLACE_CALL],
  });
  const details = (): Record<string, Encoded> => ({
    ...info("TRANSITION_REFUSED", { staff_id: "ada" }),
    "onduty.v1.TransitionRefusal": TransitionRefusal.encode(refusal),
  });
  const item = made(onduty.RefusedError, errorFromItem(statusWith(status.FAILED_PRECONDITION, details()), "r-1"));
  const alone = made(onduty.RefusedError, errorFrom(rejection(status.FAILED_PRECONDITION, details()), "r-1"));
  const { code, reason, message, metadata, requestId, current, requested, allowed } = item;
  const told = { code, reason, message, metadata, requestId, current, requested, allowed };
  for (const [field, value] of Object.entries(told)) assert.deepEqual(alone[field as keyof typeof told], value, field);
  assert.deepEqual([code, reason, requestId], ["FAILED_PRECONDITION", "TRANSITION_REFUSED", "r-1"]);
  assert.deepEqual([current?.staffId, requested, allowed], ["ada", Action.CLAIM, [Action.PLACE_CALL]]);
});

test("an item without details goes by its code, also by one that gRPC does not have", () => {
  const told = [3, 1, 99].map((code) => errorFromItem(statusWith(code))).map(({ name, code }) => [name, code]);
  assert.deepEqual(told, [
    ["InvalidRequestError", "INVALID_ARGUMENT"],
    ["OndutyError", "CANCELLED"],
    ["InternalError", "UNKNOWN"],
  ]);
});

test("an error with another request id is the same otherwise", () => {
  const error = errorFrom(rejection(status.NOT_FOUND, info("STAFF_UNKNOWN", { staff_id: "ada" })), "r-1/2");
  const other = made(onduty.NotFoundError, withRequestId(error, "r-1"));
  assert.deepEqual([other.requestId, other.reason, other.metadata], ["r-1", "STAFF_UNKNOWN", { staff_id: "ada" }]);
});
