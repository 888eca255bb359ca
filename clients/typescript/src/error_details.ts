/**
 * Reads what the server sends with an error: google.rpc.Status with its details, of a call and of one item of a batch alike.
 *
 * It knows no error class; `errors` chooses it.
 */
import { status, type ServiceError } from "@grpc/grpc-js";

import { BadRequest, ErrorInfo, RetryInfo } from "../gen/google/rpc/error_details.js";
import { Status as RpcStatus } from "../gen/google/rpc/status.js";
import { NobodyAvailable, RevisionMismatch, TransitionRefusal } from "../gen/onduty/v1/errors.js";
import { errorOf, OndutyError, type Failure } from "./errors.js";
import { durationSeconds } from "./instants.js";

type Facts = { -readonly [Field in keyof Failure]?: Failure[Field] };

/** The service's domain in ErrorInfo: a reason of another domain is not the service's own. */
export const DOMAIN = "onduty.dev";

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
  "onduty.v1.TransitionRefusal": (bytes) => TransitionRefusal.decode(bytes),
  "onduty.v1.RevisionMismatch": (bytes) => RevisionMismatch.decode(bytes),
  "onduty.v1.NobodyAvailable": (bytes) => NobodyAvailable.decode(bytes),
};

/** Make the client's error of what a call failed with. Anything that is not a gRPC failure becomes UNKNOWN with its cause. */
export function errorFrom(thrown: unknown, requestId = ""): OndutyError {
  if (thrown instanceof OndutyError) return thrown;
  if (!isServiceError(thrown)) {
    return new OndutyError({ code: status.UNKNOWN, message: String(thrown), requestId, cause: thrown });
  }
  const facts = factsOf(statusIn(thrown));
  return errorOf({ code: thrown.code, message: thrown.details, requestId, cause: thrown, ...facts });
}

/**
 * Make the error of a call that failed. A CANCELLED that was not ended here is a server's that has too many calls, or a proxy's that
 * goes away: it is an UNAVAILABLE.
 */
export function errorOfCall(thrown: unknown, requestId: string, endedHere: boolean): OndutyError {
  if (endedHere || !isServiceError(thrown) || thrown.code !== status.CANCELLED) return errorFrom(thrown, requestId);
  const facts = factsOf(statusIn(thrown));
  return errorOf({ code: status.UNAVAILABLE, message: thrown.details, requestId, cause: thrown, ...facts });
}

/** Make the error of one item of a batch: the one that the same request would have had on its own. */
export function errorFromItem(item: RpcStatus, requestId = ""): OndutyError {
  const code = CODES.get(item.code) ?? status.UNKNOWN;
  return errorOf({ code, message: item.message, requestId, ...factsOf(item) });
}

function statusIn(thrown: ServiceError): RpcStatus {
  const [bytes] = thrown.metadata.get("grpc-status-details-bin");
  try {
    if (bytes !== undefined && typeof bytes !== "string") return RpcStatus.decode(bytes);
  } catch {
    // What cannot be read says nothing: the code and the message still tell what happened.
  }
  return RpcStatus.create();
}

function factsOf({ details }: RpcStatus): Facts {
  const facts: Facts = {};
  for (const { typeUrl, value } of details) {
    const name = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
    if (!Object.hasOwn(READERS, name)) continue;
    try {
      Object.assign(facts, READERS[name]?.(value));
    } catch {
      // One that cannot be read hides no other.
    }
  }
  return facts;
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && "code" in thrown && "details" in thrown && "metadata" in thrown;
}
