/**
 * Holds one workspace attached: the stream, its resuming, and the wait for it.
 *
 * It keeps no state of the staff member; the workspace does.
 */
import { status } from "@grpc/grpc-js";

import type { StaffChange } from "../gen/onduty/v1/staff.js";
import { AttachRequest, WorkspaceServiceService, type AttachResponse } from "../gen/onduty/v1/workspace_service.js";
import { Backoff } from "./backoff.js";
import type { Connection, Part } from "./connection.js";
import { NotFoundError, OndutyError, ReplacedError } from "./errors.js";
import { durationSeconds, toDuration } from "./instants.js";
import { isFinal, ResumingStream, type Next } from "./resuming.js";
import type { ServerStream } from "./stream.js";
import { Waiters } from "./waiters.js";

/** Which workspace attaches. */
export interface AttachedAs {
  readonly staffId: string;
  /** The same with every stream: the server knows the workspace again after a break. */
  readonly workspaceId: string;
  /** What it is. */
  readonly userAgent: string;
}

/** Who is told of what the attachment learns. */
export interface AttachmentReader extends Part {
  /** A stream is about to be opened. */
  opened(): void;
  /** A change of the own state; the first of a stream is the state as it is. */
  change(change: StaffChange, isFirst: boolean): Promise<void> | undefined;
  /** The stream lives now, or no longer. */
  attached(attached: boolean): void;
  /** The attachment has ended for good; undefined: closed, or the staff member was deleted. */
  over(error: OndutyError | undefined): void;
}

/** An attachment. It attaches at once and again after every break, until it is closed or cannot go on. */
export class Attachment {
  readonly #connection: Connection;
  readonly #who: AttachedAs;
  readonly #reader: AttachmentReader;
  readonly #waiters = new Waiters();
  readonly #release: () => void;
  readonly #stream: ResumingStream<AttachResponse>;
  #isFirst = true;
  #attached = false;
  #hasBegun = false;
  #over = false;
  #lastError: OndutyError | undefined;
  #failure: OndutyError | undefined;

  /** Throws an OndutyError with code CANCELLED on a closed connection. */
  constructor(connection: Connection, who: AttachedAs, reader: AttachmentReader) {
    this.#connection = connection;
    this.#who = who;
    this.#reader = reader;
    this.#release = connection.adopt(reader);
    const { backoffInitial, backoffMax, bookmarkInterval } = connection.settings;
    const frames = {
      open: () => this.#open(),
      receive: (frame: AttachResponse) => this.#receive(frame),
      silent: () => {
        this.#become(false);
      },
      ended: (error: OndutyError | undefined) => this.#ended(error),
    };
    this.#stream = new ResumingStream(frames, new Backoff(backoffInitial, backoffMax), 3 * bookmarkInterval);
  }

  /** Whether the stream lives. */
  get attached(): boolean {
    return this.#attached;
  }

  /** Whether no further stream will be opened. */
  get over(): boolean {
    return this.#over;
  }

  /** The error that ended the attachment for good. Undefined while it goes on, and where nothing failed. */
  get failure(): OndutyError | undefined {
    return this.#failure;
  }

  /** Wait until the stream lives. */
  async wait(timeout: number, signal?: AbortSignal): Promise<void> {
    if (this.#attached) return;
    if (this.#over) throw this.#failure ?? Attachment.notAttaching();
    await this.#waiters.wait("attached stream", timeout, () => this.#lastError, signal);
  }

  /** End the stream and open no other. */
  async stop(): Promise<void> {
    this.#finish(undefined);
    await this.#stream.stop();
  }

  /** What waiting fails with where nothing is attaching. */
  static notAttaching(): OndutyError {
    return new OndutyError({ code: status.CANCELLED, message: "the workspace is not attaching" });
  }

  #open(): ServerStream<AttachResponse> {
    this.#isFirst = true;
    this.#reader.opened();
    const request = AttachRequest.fromPartial({
      ...this.#who,
      bookmarkInterval: toDuration(this.#connection.settings.bookmarkInterval),
    });
    return this.#connection.stream(WorkspaceServiceService.attach, request);
  }

  #receive({ event }: AttachResponse): Promise<void> | undefined {
    if (event?.$case === "goingAway" && event.value.reconnectAfter !== undefined) {
      this.#stream.waitLonger(durationSeconds(event.value.reconnectAfter));
    }
    if (event?.$case !== "change") return undefined;
    const change = event.value;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    // Set before the state is told: who hears of it finds the workspace attached.
    if (isFirst && !change.left) this.#attached = this.#hasBegun = true;
    const told = this.#reader.change(change, isFirst);
    if (change.left) {
      this.#finish(undefined);
      void this.#stream.stop();
    } else if (isFirst) {
      this.#reader.attached(true);
      this.#waiters.resolveAll();
    }
    return told;
  }

  #ended(error: OndutyError | undefined): Next {
    this.#become(false);
    if (error !== undefined) this.#lastError = error;
    const isOver = error !== undefined && this.#isFinal(error);
    if (isOver) this.#finish(error);
    return isOver ? "never" : "wait";
  }

  #isFinal(error: OndutyError): boolean {
    // A staff member who was deleted during a break is not found; that ends it as the news of the deletion would have.
    // Of two workspaces with one id that both came back, each would push the other out for ever.
    const also = (ended: OndutyError): boolean => ended instanceof NotFoundError || ended instanceof ReplacedError;
    return isFinal(error, this.#connection.settings.token, this.#hasBegun, also);
  }

  #finish(error: OndutyError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = error;
    this.#become(false);
    this.#waiters.rejectAll(error ?? Attachment.notAttaching());
    this.#reader.over(error);
    this.#release();
  }

  #become(attached: boolean): void {
    if (this.#attached === attached) return;
    this.#attached = attached;
    this.#reader.attached(attached);
  }
}
