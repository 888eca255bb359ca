/**
 * Reads what the server sends with an error: google.rpc.Status with its details, and the errors of a batch's items.
 *
 * It knows no error class; `errors` chooses it.
 */
import { status, type ServiceError } from "@grpc/grpc-js";

import { BadRequest, ErrorInfo, RetryInfo } from "../gen/google/rpc/error_details.js";
import { Status as RpcStatus } from "../gen/google/rpc/status.js";
import {
  ErrorReason,
  NobodyAvailable,
  RevisionMismatch,
  TransitionRefusal,
  type ItemError,
} from "../gen/onduty/v1/errors.js";
import { errorOf, OndutyError, type Failure } from "./errors.js";
import { durationSeconds } from "./instants.js";

type Facts = { -readonly [Field in keyof Failure]?: Failure[Field] };

/** The service's domain in ErrorInfo: a reason of another domain is not the service's own. */
const DOMAIN = "onduty";

const CODES = new Map<number, status>(
  Object.values(status)
    .filter((code) => typeof code === "number")
    .map((code) => [code, code]),
);

const READERS: Readonly<Record<string, (bytes: Uint8Array) => Facts>> = {
  "google.rpc.ErrorInfo": (bytes) => {
    const info = ErrorInfo.decode(bytes);
    return info.domain === DOMAIN ? { reason: info.reason, metadata: info.metadata } : {};
  },
  "google.rpc.BadRequest": (bytes) => ({
    violations: BadRequest.decode(bytes).fieldViolations.map(({ field, description }) => ({ field, description })),
  }),
  "google.rpc.RetryInfo": (bytes) => {
    const { retryDelay } = RetryInfo.decode(bytes);
    return retryDelay === undefined ? {} : { retryAfter: durationSeconds(retryDelay) };
  },
  "onduty.v1.TransitionRefusal": (bytes) => refusalFacts(TransitionRefusal.decode(bytes)),
  "onduty.v1.RevisionMismatch": (bytes) => RevisionMismatch.decode(bytes),
  "onduty.v1.NobodyAvailable": (bytes) => NobodyAvailable.decode(bytes),
};

/** Make the client's error of what a call failed with. Anything that is not a gRPC failure becomes UNKNOWN with its cause. */
export function errorFrom(thrown: unknown, requestId = ""): OndutyError {
  if (thrown instanceof OndutyError) return thrown;
  if (!isServiceError(thrown)) {
    return new OndutyError({ code: status.UNKNOWN, message: String(thrown), requestId, cause: thrown });
  }
  const facts: Facts = {};
  for (const bytes of thrown.metadata.get("grpc-status-details-bin")) {
    if (typeof bytes !== "string") Object.assign(facts, detailsOf(bytes));
  }
  return errorOf({ code: thrown.code, message: thrown.details, requestId, cause: thrown, ...facts });
}

/** Make the error of one item of a batch: the same that the request would have had on its own. */
export function errorFromItem(item: ItemError, requestId = ""): OndutyError {
  const known = item.reason !== ErrorReason.UNSPECIFIED && Object.hasOwn(ErrorReason, item.reason);
  return errorOf({
    code: CODES.get(item.code) ?? status.UNKNOWN,
    message: item.message,
    reason: known ? ErrorReason[item.reason] : "",
    metadata: item.metadata,
    requestId,
    violations: item.fields,
    ...(item.refusal === undefined ? {} : refusalFacts(item.refusal)),
  });
}

function detailsOf(bytes: Uint8Array): Facts {
  const facts: Facts = {};
  try {
    for (const detail of RpcStatus.decode(bytes).details) {
      const name = detail.typeUrl.slice(detail.typeUrl.lastIndexOf("/") + 1);
      if (Object.hasOwn(READERS, name)) Object.assign(facts, READERS[name]?.(detail.value));
    }
  } catch {
    // Details that cannot be read are left out: the code and the message still tell what happened.
  }
  return facts;
}

function refusalFacts(refusal: TransitionRefusal): Facts {
  return { current: refusal.current, requested: refusal.requested, allowed: refusal.allowed };
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && "code" in thrown && "details" in thrown && "metadata" in thrown;
}
