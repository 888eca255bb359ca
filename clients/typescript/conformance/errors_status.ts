/**
 * Puts the status together again that an error of a batch's item was made of, as far as the error tells it.
 *
 * It reads the errors' public fields only.
 */
import { status } from "@grpc/grpc-js";

import { Any } from "../gen/google/protobuf/any.js";
import { BadRequest, ErrorInfo } from "../gen/google/rpc/error_details.js";
import type { Status as RpcStatus } from "../gen/google/rpc/status.js";
import { DOMAIN } from "../src/error_details.js";
import { InvalidRequestError, RefusedError, RevisionMismatchError, type OndutyError } from "../src/index.js";
import { Action, RevisionMismatch, TransitionRefusal } from "../src/v1.js";

/** The status of an error. */
export function statusOf(error: OndutyError): RpcStatus {
  const details: Any[] = [];
  if (error.reason !== "") {
    const info = { reason: error.reason, domain: DOMAIN, metadata: { ...error.metadata } };
    details.push(packed("google.rpc.ErrorInfo", ErrorInfo.encode(info)));
  }
  const own = ownDetail(error);
  if (own !== undefined) details.push(own);
  return { code: status[error.code as keyof typeof status], message: error.message, details };
}

function ownDetail(error: OndutyError): Any | undefined {
  if (error instanceof InvalidRequestError && error.violations.length > 0) {
    const bad = BadRequest.fromPartial({ fieldViolations: [...error.violations] });
    return packed("google.rpc.BadRequest", BadRequest.encode(bad));
  }
  if (error instanceof RefusedError && error.allowed !== undefined) {
    const { current, requested = Action.UNSPECIFIED, allowed } = error;
    return packed(
      "onduty.v1.TransitionRefusal",
      TransitionRefusal.encode({ current, requested, allowed: [...allowed] }),
    );
  }
  if (error instanceof RevisionMismatchError && error.current !== undefined) {
    const { current, expectedRevision } = error;
    return packed("onduty.v1.RevisionMismatch", RevisionMismatch.encode({ current, expectedRevision }));
  }
  return undefined;
}

function packed(name: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: `type.googleapis.com/${name}`, value: Buffer.from(message.finish()) };
}
