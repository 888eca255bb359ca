/**
 * The public surface of `@onduty/client`. Generated messages and services are in `@onduty/client/v1`.
 */
export { Connection, type CallOptions, type ReadOptions, type StreamMethod, type UnaryMethod } from "./connection.js";
export type { ConnectionOptions, StreamTimes, TlsOptions, Token } from "./options.js";
export type { ServerStream } from "./stream.js";
export {
  AccessError,
  AlreadyExistsError,
  InternalError,
  InvalidRequestError,
  NobodyAvailableError,
  NotFoundError,
  OndutyError,
  OverloadedError,
  PositionError,
  RefusedError,
  ReplacedError,
  RevisionMismatchError,
  TimedOutError,
  UnavailableError,
  UnsupportedError,
  type Violation,
} from "./errors.js";
export { errorFromItem } from "./error_details.js";
export { RouterClient } from "./router.js";
export type {
  ClaimTerms,
  EndedCall,
  Fact,
  FactResult,
  FirstClaim,
  GuardedOptions,
  MemberClaim,
  MutationOptions,
  NamedClaim,
  Occurrence,
  PresentCall,
  ReconcileOptions,
  Report,
  StaffList,
  StartedCall,
  WantedGroup,
} from "./router_requests.js";
export { Outbox, type EndedFact, type OutboxOptions, type StartedFact } from "./outbox.js";
export type { SettledFact } from "./fact_queue.js";
export { Floor, type FloorOptions, type FloorState } from "./floor.js";
export type { ChangeKind, FloorChange } from "./floor_view.js";
export type { FollowerOptions, FollowerState } from "./follower.js";
export { Colleagues } from "./colleagues.js";
export type { ColleagueChange } from "./colleagues_view.js";
export type { Handler } from "./handlers.js";
export { WorkspaceClient, type WorkspaceOptions } from "./workspace.js";
export type { BreakReasonsOptions } from "./break_reasons.js";
export { fromDate, toDate, toSeconds } from "./instants.js";
export { ClaimOrder, WithdrawReason, type CallEvent, type Claim } from "../gen/onduty/v1/router_service.js";
export type { Colleague } from "../gen/onduty/v1/workspace_service.js";
export {
  Action,
  Cause,
  Direction,
  OfferEnd,
  Status,
  type Call,
  type Capabilities,
  type Offer,
  type SkillGroup,
  type Staff,
  type StaffFilter,
  type StatusChoice,
  type Transition,
  type WrapUp,
} from "../gen/onduty/v1/staff.js";
