/**
 * The generated messages, enums and services of the contract, for what the hand-written clients do not cover.
 *
 * `connection.call(SupervisorServiceService.forceStatus, ForceStatusRequest.fromPartial({ ... }))` is how they are used.
 */
export * from "../gen/google/protobuf/duration.js";
export * from "../gen/google/protobuf/timestamp.js";
export * from "../gen/onduty/v1/admin_service.js";
export * from "../gen/onduty/v1/batch.js";
export * from "../gen/onduty/v1/errors.js";
export * from "../gen/onduty/v1/history_service.js";
export * from "../gen/onduty/v1/policy.js";
export * from "../gen/onduty/v1/router_service.js";
export * from "../gen/onduty/v1/server_service.js";
export * from "../gen/onduty/v1/staff.js";
export * from "../gen/onduty/v1/supervisor_service.js";
export * from "../gen/onduty/v1/workspace_service.js";
