/**
 * The public surface of `@onduty/client`. Generated messages and services are in `@onduty/client/v1`.
 */
export { Connection, type CallOptions, type StreamMethod, type UnaryMethod } from "./connection.js";
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
  RevisionMismatchError,
  TimedOutError,
  UnavailableError,
  UnsupportedError,
  type Violation,
} from "./errors.js";
export {
  RouterClient,
  type Claim,
  type EndedCall,
  type Fact,
  type FactResult,
  type GuardedOptions,
  type MutationOptions,
  type Occurrence,
  type PresentCall,
  type Report,
  type StaffList,
  type StartedCall,
} from "./router.js";
export { Floor, type FloorOptions, type FloorState } from "./floor.js";
export type { ChangeKind, FloorChange } from "./floor_view.js";
export type { Handler } from "./handlers.js";
export { WorkspaceClient, type WorkspaceOptions } from "./workspace.js";
export { fromDate, toDate, toSeconds } from "./instants.js";
export {
  Action,
  Cause,
  Direction,
  OfferEnd,
  Status,
  type Call,
  type Capabilities,
  type Offer,
  type Staff,
  type StaffFilter,
  type Transition,
  type WrapUp,
} from "../gen/onduty/v1/staff.js";
