/**
 * One staff member's desktop: attached for as long as it is open, with the last known state and the calls of its owner.
 *
 * It does not decide what is allowed; the server does.
 */
import { status } from "@grpc/grpc-js";

import { Status, type Direction, type Staff, type StaffChange } from "../gen/onduty/v1/staff.js";
import {
  AcceptOfferRequest,
  BackToReceptionRequest,
  ChangeStatusRequest,
  ClearNextStatusRequest,
  ContinueAfterCallWorkRequest,
  DeclineOfferRequest,
  PlaceCallRequest,
  SetNextStatusRequest,
  WorkspaceServiceService as Service,
  type AcceptOfferResponse,
  type BackToReceptionResponse,
  type ChangeStatusResponse,
  type ClearNextStatusResponse,
  type ContinueAfterCallWorkResponse,
  type DeclineOfferResponse,
  type ListBreakReasonsResponse,
  type PlaceCallResponse,
  type SetNextStatusResponse,
} from "../gen/onduty/v1/workspace_service.js";
import { Attachment } from "./attachment.js";
import { listBreakReasons, type BreakReasonsOptions } from "./break_reasons.js";
import { Colleagues } from "./colleagues.js";
import type { CallOptions, Connection, UnaryMethod } from "./connection.js";
import { remaining, ServerClock } from "./countdown.js";
import { RefusedError } from "./errors.js";
import type { FollowerOptions } from "./follower.js";
import { Handlers, runsInHandlerOf, type Handler } from "./handlers.js";
import { newWorkspaceId } from "./ids.js";
import type { GuardedOptions } from "./router_requests.js";
import { StateQueue } from "./state_queue.js";
import { USER_AGENT } from "./version.js";

/** Options of a workspace. */
export interface WorkspaceOptions {
  /** Its own id, 1-128 characters: who attaches with it takes the place of who has it. Absent: a random UUID. */
  readonly workspaceId?: string | undefined;
  /** What it is, for those who look for it, up to 200 characters. Absent: the client's name and version. */
  readonly userAgent?: string | undefined;
  /** Gets what a handler threw. Absent: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** One staff member's desktop. Every call fails with an OndutyError. */
export class WorkspaceClient implements AsyncIterable<Staff> {
  /** Whose desktop it is. */
  readonly staffId: string;
  /** Its own id, the same whenever it attaches. */
  readonly workspaceId: string;
  readonly #connection: Connection;
  readonly #userAgent: string;
  readonly #clock = new ServerClock();
  readonly #states: Handlers<Staff>;
  readonly #attached: Handlers<boolean>;
  readonly #queues = new Set<StateQueue>();
  #state: Staff | undefined;
  #attachment: Attachment | undefined;

  /** Calls can be made at once; `attach()` makes it known that the desktop is there. */
  constructor(connection: Connection, staffId: string, options: WorkspaceOptions = {}) {
    this.#connection = connection;
    this.staffId = staffId;
    this.workspaceId = options.workspaceId ?? newWorkspaceId();
    this.#userAgent = options.userAgent ?? USER_AGENT;
    this.#states = new Handlers(this, options.onError);
    this.#attached = new Handlers(this, options.onError);
  }

  /** The last known state, from the stream and from the answers of calls. Undefined before the first. */
  get state(): Staff | undefined {
    return this.#state;
  }

  /** Whether the attached stream lives. */
  get attached(): boolean {
    return this.#attachment?.attached ?? false;
  }

  /**
   * Attach, and stay attached over breaks, until `detach()`, the connection's end, or the staff member's deletion. A workspace that
   * attaches with the same id elsewhere ends it for good with a ReplacedError; attaching again by hand takes the place back.
   */
  attach(): void {
    if (this.#attachment !== undefined && !this.#attachment.over) return;
    const who = { staffId: this.staffId, workspaceId: this.workspaceId, userAgent: this.#userAgent };
    this.#attachment = new Attachment(this.#connection, who, {
      close: () => this.detach(),
      handlersOf: this,
      opened: () => {
        this.#clock.reset();
      },
      change: (change, isFirst) => this.#take(change, isFirst),
      attached: (attached) => {
        void this.#attached.tell(attached);
      },
      over: (error) => {
        for (const queue of this.#queues) queue.end(error);
      },
    });
  }

  /** End the attachment and wait for handlers that run, unless one of them asked. May be called twice. */
  async detach(): Promise<void> {
    const stopped = this.#attachment?.stop();
    for (const queue of this.#queues) queue.end(undefined);
    if (runsInHandlerOf(this)) return;
    await stopped;
    await Promise.all([this.#states.idle(), this.#attached.idle()]);
  }

  /** The same as `detach()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }

  /**
   * Wait until attached. Fails with the error that ended the attachment, with TimedOutError after `timeout` seconds, with code
   * CANCELLED where nothing is attaching, or with the signal's reason.
   */
  async waitAttached(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.#attachment === undefined) throw Attachment.notAttaching();
    await this.#attachment.wait(timeout, signal);
  }

  /** Get each new state; the function that comes back ends it. */
  onState(handler: Handler<Staff>): () => void {
    return this.#states.add(handler);
  }

  /** Get whether the stream lives, each time that changes; the function that comes back ends it. */
  onAttached(handler: Handler<boolean>): () => void {
    return this.#attached.add(handler);
  }

  /**
   * The known state, then each new one, until the attachment ends; throws the error that ended it. Of more than 1,000 states that
   * wait to be read the oldest are dropped.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Staff, void, undefined> {
    const queue = new StateQueue(this.#state);
    if (this.#attachment?.over === true) queue.end(this.#attachment.failure);
    this.#queues.add(queue);
    try {
      yield* queue;
    } finally {
      this.#queues.delete(queue);
    }
  }

  /** Seconds left of the wrap-up's countdown, never below 0. Undefined outside wrap-up and where it is open-ended. */
  remainingWrapUp(): number | undefined {
    if (this.#state?.status !== Status.AFTER_CALL_WORK) return undefined;
    return remaining(this.#state.wrapUp?.endsAt, Date.now() / 1_000, this.#clock.offset);
  }

  /** Seconds left to answer the outstanding offer, never below 0. Undefined without one. */
  remainingOffer(): number | undefined {
    return remaining(this.#state?.offer?.expiresAt, Date.now() / 1_000, this.#clock.offset);
  }

  /** Sign in, sign out, or change. `breakReason` goes with ON_BREAK. RefusedError in a call. */
  changeStatus(
    to: Status,
    options: GuardedOptions & { readonly breakReason?: string | undefined; readonly note?: string | undefined } = {},
  ): Promise<ChangeStatusResponse> {
    const { breakReason = "", note = "" } = options;
    const choice = { status: to, breakReason };
    const request = ChangeStatusRequest.fromPartial({ ...this.#fields(options), choice, note });
    return this.#ask(Service.changeStatus, request, options);
  }

  /** Go on a break for a reason of the catalogue. */
  takeBreak(
    reason: string,
    options: GuardedOptions & { readonly note?: string | undefined } = {},
  ): Promise<ChangeStatusResponse> {
    return this.changeStatus(Status.ON_BREAK, { ...options, breakReason: reason });
  }

  /** Choose what comes after the call and its wrap-up. RefusedError outside of both. */
  setNextStatus(
    to: Status,
    options: GuardedOptions & { readonly breakReason?: string | undefined } = {},
  ): Promise<SetNextStatusResponse> {
    const choice = { status: to, breakReason: options.breakReason ?? "" };
    const request = SetNextStatusRequest.fromPartial({ ...this.#fields(options), choice });
    return this.#ask(Service.setNextStatus, request, options);
  }

  /** Take the next choice back. */
  clearNextStatus(options: GuardedOptions = {}): Promise<ClearNextStatusResponse> {
    return this.#ask(Service.clearNextStatus, ClearNextStatusRequest.fromPartial(this.#fields(options)), options);
  }

  /** End the wrap-up, to AVAILABLE. RefusedError outside wrap-up. */
  backToReception(options: GuardedOptions = {}): Promise<BackToReceptionResponse> {
    return this.#ask(Service.backToReception, BackToReceptionRequest.fromPartial(this.#fields(options)), options);
  }

  /** Stop the countdown; the wrap-up lasts until it is ended. RefusedError outside wrap-up. */
  continueWrapUp(options: GuardedOptions = {}): Promise<ContinueAfterCallWorkResponse> {
    const request = ContinueAfterCallWorkRequest.fromPartial(this.#fields(options));
    return this.#ask(Service.continueAfterCallWork, request, options);
  }

  /** Accept an offer; without an id, that of the known state. RefusedError with OFFER_GONE where there is none. */
  async accept(claimId?: string, options: GuardedOptions = {}): Promise<AcceptOfferResponse> {
    const request = AcceptOfferRequest.fromPartial({ ...this.#fields(options), claimId: claimId ?? this.#offered() });
    return this.#ask(Service.acceptOffer, request, options);
  }

  /** Decline an offer, which counts as a miss; without an id, that of the known state. */
  async decline(
    claimId?: string,
    options: GuardedOptions & { readonly note?: string | undefined } = {},
  ): Promise<DeclineOfferResponse> {
    const fields = { ...this.#fields(options), claimId: claimId ?? this.#offered(), note: options.note ?? "" };
    return this.#ask(Service.declineOffer, DeclineOfferRequest.fromPartial(fields), options);
  }

  /** Report a call dialled by hand. OUTBOUND where `direction` is absent. */
  placeCall(
    callId: string,
    options: GuardedOptions & { readonly direction?: Direction | undefined; readonly source?: string | undefined } = {},
  ): Promise<PlaceCallResponse> {
    const { direction = 0, source = "" } = options;
    const request = PlaceCallRequest.fromPartial({ ...this.#fields(options), callId, direction, source });
    return this.#ask(Service.placeCall, request, options);
  }

  /** The reasons for a break that can be chosen, by code, of all pages; also the others where `includeDisabled`. */
  breakReasons(options: BreakReasonsOptions = {}): Promise<ListBreakReasonsResponse> {
    return listBreakReasons(this.#connection, options);
  }

  /** A live copy of the colleagues that may be seen. It watches at once; close it, or the connection, when it is not needed. */
  colleagues(options: FollowerOptions = {}): Colleagues {
    return new Colleagues(this.#connection, this.staffId, options);
  }

  #fields(options: GuardedOptions): { staffId: string; requestId: string; expectedRevision: bigint | undefined } {
    const { requestId = "", expectedRevision } = options;
    return { staffId: this.staffId, requestId, expectedRevision };
  }

  async #ask<Request extends object, Response extends { staff: Staff | undefined }>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options: CallOptions,
  ): Promise<Response> {
    const response = await this.#connection.call(method, request, options);
    if (response.staff !== undefined && response.staff.revision > (this.#state?.revision ?? -1n)) {
      void this.#know(response.staff);
    }
    return response;
  }

  #take({ staff, transition, left }: StaffChange, isFirst: boolean): Promise<void> | undefined {
    if (transition?.recordedAt !== undefined) this.#clock.observe(transition.recordedAt, Date.now() / 1_000);
    if (staff === undefined || left) return undefined;
    const known = this.#state?.revision;
    const isNews = known === undefined || (isFirst ? staff.revision !== known : staff.revision > known);
    if (isNews) return this.#know(staff);
    if (isFirst) this.#state = staff;
    return undefined;
  }

  #know(staff: Staff): Promise<void> | undefined {
    this.#state = staff;
    for (const queue of this.#queues) queue.add(staff);
    return this.#states.tell(staff);
  }

  #offered(): string {
    const claimId = this.#state?.offer?.claimId;
    if (claimId !== undefined) return claimId;
    throw new RefusedError({
      code: status.FAILED_PRECONDITION,
      reason: "OFFER_GONE",
      message: `no offer to ${this.staffId} is known`,
      metadata: { staff_id: this.staffId },
      current: this.#state,
    });
  }
}
