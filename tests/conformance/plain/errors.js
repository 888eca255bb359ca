// Reads the details of a failed call into the protocol's form of an error. It names no kind: that is the clients' own work.
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";

const FIELDS = {
  "google.rpc.ErrorInfo": (told) => ({ reason: told.reason ?? "", metadata: told.metadata ?? {} }),
  "google.rpc.BadRequest": (told) => ({ violations: told.field_violations ?? [] }),
  "google.rpc.RetryInfo": (told) => ({ retry_after: Number.parseFloat(told.retry_delay ?? "0") }),
  "onduty.v1.TransitionRefusal": (told) => ({
    current: told.current,
    requested: told.requested,
    allowed: told.allowed ?? [],
  }),
  "onduty.v1.RevisionMismatch": (told) => ({ current: told.current, expected_revision: told.expected_revision }),
  "onduty.v1.NobodyAvailable": (told) => ({
    counts: told.counts ?? [],
    skill_groups: told.skill_groups ?? [],
  }),
};

export function errorOf(failure, registry) {
  const error = { kind: "", code: status[failure.code] ?? "UNKNOWN", reason: "", message: failure.details ?? "", metadata: {} };
  const [packed] = failure.metadata?.get("grpc-status-details-bin") ?? [];
  if (!packed || !registry) return error;
  for (const detail of fromBinary(registry.getMessage("google.rpc.Status"), packed).details) {
    const name = detail.typeUrl.split("/").at(-1);
    const schema = registry.getMessage(name);
    if (!schema || !FIELDS[name]) continue;
    Object.assign(error, FIELDS[name](toJson(schema, fromBinary(schema, detail.value), { registry, useProtoFieldName: true })));
  }
  return error;
}
