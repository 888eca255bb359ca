/**
 * Writes the client's errors as the protocol's JSON.
 *
 * It reads the errors' public fields only.
 */
import type { JsonValue } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";

import { SkillGroupSummary, Staff, StatusCount } from "../gen/onduty/v1/staff.js";
import { errorClassOf, knownReasons } from "../src/errors.js";
import {
  InternalError,
  InvalidRequestError,
  NobodyAvailableError,
  OndutyError,
  OverloadedError,
  RefusedError,
  ReplacedError,
  RevisionMismatchError,
  UnavailableError,
} from "../src/index.js";
import { enumName, jsonOf } from "./codec.js";

type Json = Record<string, JsonValue>;

/** The error in the protocol's form; what is no error of the client is the driver's own. */
export function errorJson(error: unknown): Json {
  if (!(error instanceof OndutyError)) {
    return { kind: "DriverError", message: error instanceof Error ? error.message : String(error) };
  }
  const { code, reason, message, metadata } = error;
  const known: Json = { kind: error.name, code, reason, message, metadata: { ...metadata } };
  if (error.requestId !== "") known["request_id"] = error.requestId;
  return { ...known, ...ownFields(error) };
}

/** Each reason of the contract with the name of its error's class. */
export function errorsTable(): Json {
  return Object.fromEntries(knownReasons().map((reason) => [reason, errorClassOf(reason, status.OK).name]));
}

function ownFields(error: OndutyError): Json {
  if (error instanceof RefusedError) return refusalJson(error);
  if (error instanceof InvalidRequestError) {
    return error.violations.length === 0
      ? {}
      : { violations: error.violations.map(({ field, description }) => ({ field, description })) };
  }
  if (error instanceof NobodyAvailableError) {
    return {
      counts: error.counts.map((count) => jsonOf("StatusCount", StatusCount, count)),
      skill_groups: error.skillGroups.map((group) => jsonOf("SkillGroupSummary", SkillGroupSummary, group)),
    };
  }
  if (error instanceof RevisionMismatchError) {
    const expected = error.expectedRevision?.toString();
    return { ...currentJson(error.current), ...(expected === undefined ? {} : { expected_revision: expected }) };
  }
  if (error instanceof ReplacedError) return { workspace_id: error.workspaceId };
  if (error instanceof OverloadedError || error instanceof UnavailableError) {
    return error.retryAfter === undefined ? {} : { retry_after: error.retryAfter };
  }
  return error instanceof InternalError && error.incidentId !== "" ? { incident_id: error.incidentId } : {};
}

function refusalJson(error: RefusedError): Json {
  const found = currentJson(error.current);
  if (error.requested !== undefined) found["requested"] = enumName("Action", error.requested);
  if (error.allowed !== undefined) found["allowed"] = error.allowed.map((action) => enumName("Action", action));
  return found;
}

function currentJson(current: Staff | undefined): Json {
  return current === undefined ? {} : { current: jsonOf("Staff", Staff, current) };
}

/** The name of the class of an error with this code and reason. */
export function errorsKind(code: string, reason: string): string {
  return errorClassOf(reason, status[code as keyof typeof status]).name;
}
