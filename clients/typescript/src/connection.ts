/**
 * One gRPC channel, and the metadata, deadlines, retries and errors of every call on it.
 *
 * Of the methods it knows one by name, that which asks what the server is: what a call means is its caller's.
 */
import { Client, Metadata, credentials, status, type Channel, type ClientUnaryCall } from "@grpc/grpc-js";

import { ServerServiceService, type GetServerInfoResponse } from "../gen/onduty/v1/server_service.js";
import { PresentChannel } from "./channel.js";
import { errorOfCall } from "./error_details.js";
import { AccessError, OndutyError, TimedOutError } from "./errors.js";
import { runsInHandlerOf } from "./handlers.js";
import { newRequestId } from "./ids.js";
import { isBearerToken, settled, within, type ConnectionOptions, type Settings } from "./options.js";
import { ServerStream } from "./stream.js";

interface Method<Request, Response> {
  readonly path: string;
  readonly requestStream: boolean;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** A unary method, as the generated services list them: `RouterServiceService.claimStaff`. */
export interface UnaryMethod<Request, Response> extends Method<Request, Response> {
  readonly responseStream: false;
}

/** A method with a stream of answers, as the generated services list them. */
export interface StreamMethod<Request, Response> extends Method<Request, Response> {
  readonly responseStream: true;
}

/** What one call may have of its own. */
export interface CallOptions {
  /** The deadline in seconds, instead of the connection's. */
  readonly timeout?: number | undefined;
  /** Ends the wait: the call is cancelled and fails with the signal's reason. The outcome is unknown then. */
  readonly signal?: AbortSignal | undefined;
  /** Where the server is not reached, wait for it within the deadline instead of failing. */
  readonly waitForReady?: boolean | undefined;
}

/** What a read may have of its own. */
export interface ReadOptions extends CallOptions {
  /** Answer from a state at or after this position. Absent: the present state. */
  readonly atLeast?: string | undefined;
}

/** Something made from a connection that ends with it. */
export interface Part {
  close(): Promise<unknown>;
  /** Whose handlers are the part's, where they are not its own. */
  readonly handlersOf?: object | undefined;
}

/** A connection to a server. It connects with the first call, and again by itself after a break. */
export class Connection {
  readonly #settings: Settings;
  readonly #channel: PresentChannel;
  readonly #parts = new Set<Part>();
  readonly #calls = new Set<{ cancel(): void }>();
  #client: Client | undefined;
  #clientChannel: Channel | undefined;
  // From the beginning of the end nothing is opened; from the end of the parts nothing is called.
  #closed = false;
  #over = false;
  #closing: Promise<void> | undefined;

  /** Throws TypeError or RangeError for options that are wrong. */
  constructor(options: ConnectionOptions) {
    this.#settings = settled(options);
    this.#channel = new PresentChannel(this.#settings);
  }

  /** The options with their defaults. Not a field of its own, so that printing a connection does not print its token. */
  get settings(): Settings {
    return this.#settings;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Call a method. A `requestId` that the request has and that is empty is filled with a random UUID.
   *
   * Fails with an OndutyError, or with the signal's reason.
   */
  async call<Request extends object, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const timeout = within("timeout", options.timeout ?? this.settings.callTimeout, 0.001, 3_600);
    const deadline = Date.now() + timeout * 1_000;
    const [sent, requestId] = identified(request);
    const bytes = method.requestSerialize(sent);
    options.signal?.throwIfAborted();
    try {
      const metadata = await this.#metadata(timeout, options.waitForReady ?? false);
      options.signal?.throwIfAborted();
      return await this.#unary(method, bytes, metadata, deadline, options.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw errorOfCall(error, requestId, this.#over);
    }
  }

  /**
   * What the server is: version, store, limits, and as whom it understood this connection.
   *
   * Fails with an OndutyError: an UnsupportedError by a server that is older than this call.
   */
  serverInfo(options: CallOptions = {}): Promise<GetServerInfoResponse> {
    return this.call(ServerServiceService.getServerInfo, {}, options);
  }

  /** Open a stream of answers. The call is made at once; its messages wait until they are read. */
  stream<Request extends object, Response>(
    method: StreamMethod<Request, Response>,
    request: Request,
    options: Pick<CallOptions, "signal"> = {},
  ): ServerStream<Response> {
    const bytes = method.requestSerialize(request);
    options.signal?.throwIfAborted();
    const opening = this.#metadata(this.settings.callTimeout).then((metadata) =>
      this.#stub().makeServerStreamRequest(method.path, asIs, method.responseDeserialize, bytes, metadata),
    );
    const stream = new ServerStream(opening, () => this.#calls.delete(stream), options.signal);
    this.#calls.add(stream);
    return stream;
  }

  /** Let a part end with the connection; the function that comes back takes it out again. Internal. */
  adopt(part: Part): () => void {
    if (this.closed) throw closedError();
    this.#parts.add(part);
    return () => {
      this.#parts.delete(part);
    };
  }

  /**
   * End the outboxes, floors and attachments made from the connection, then the calls in progress, then the channel. An outbox with
   * facts in it delivers for `callTimeout` more. In a handler it begins the end and does not wait for it: the end waits for the
   * handler.
   */
  close(): Promise<void> {
    const parts = [...this.#parts];
    this.#closed = true;
    this.#closing ??= this.#close(parts);
    return parts.some((part) => runsInHandlerOf(part.handlersOf ?? part)) ? Promise.resolve() : this.#closing;
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(parts: readonly Part[]): Promise<void> {
    await Promise.all(parts.map((part) => part.close()));
    this.#over = true;
    for (const call of this.#calls) call.cancel();
    this.#channel.close();
  }

  #stub(): Client {
    if (this.#over) throw closedError();
    const channel = this.#channel.get(performance.now() / 1_000);
    if (this.#client === undefined || this.#clientChannel !== channel) {
      this.#client = new Client(this.settings.target, credentials.createInsecure(), { channelOverride: channel });
      this.#clientChannel = channel;
    }
    return this.#client;
  }

  async #unary<Request, Response>(
    method: UnaryMethod<Request, Response>,
    bytes: Buffer,
    metadata: Metadata,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const stub = this.#stub();
    let call: ClientUnaryCall | undefined;
    const cancel = (): void => call?.cancel();
    signal?.addEventListener("abort", cancel);
    try {
      return await new Promise<Response>((resolve, reject) => {
        const answered = (error: Error | null, response?: Response): void => {
          if (error !== null || response === undefined) reject(error ?? new Error("no answer"));
          else resolve(response);
        };
        call = stub.makeUnaryRequest(
          method.path,
          asIs,
          method.responseDeserialize,
          bytes,
          metadata,
          { deadline },
          answered,
        );
        this.#calls.add(call);
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
      if (call !== undefined) this.#calls.delete(call);
    }
  }

  async #metadata(timeout: number, waitForReady = false): Promise<Metadata> {
    if (this.#over) throw closedError();
    const metadata = new Metadata({ waitForReady });
    if (this.settings.tenant !== undefined) metadata.set("onduty-tenant", this.settings.tenant);
    if (this.settings.actor !== undefined) metadata.set("onduty-actor", this.settings.actor);
    const { token } = this.settings;
    if (token !== undefined) {
      const text = typeof token === "string" ? token : await presentToken(token, timeout);
      metadata.set("authorization", `Bearer ${text}`);
    }
    return metadata;
  }
}

async function presentToken(ask: () => string | Promise<string>, timeout: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new TimedOutError({
      code: status.DEADLINE_EXCEEDED,
      message: "the token function did not answer in time",
    });
    timer = setTimeout(reject, timeout * 1_000, error);
  });
  try {
    const text = await Promise.race([Promise.resolve().then(ask), late]);
    if (isBearerToken(text)) return text;
    throw new TypeError("the token function gave no token");
  } catch (cause) {
    if (cause instanceof TimedOutError) throw cause;
    throw new AccessError({ code: status.UNAUTHENTICATED, message: "there is no token to send", cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The request with a request id, and the id; a request that has no such field is left as it is. */
function identified<Request extends object>(request: Request): [Request, string] {
  if (!("requestId" in request) || typeof request.requestId !== "string") return [request, ""];
  if (request.requestId !== "") return [request, request.requestId];
  const requestId = newRequestId();
  return [{ ...request, requestId }, requestId];
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function closedError(): OndutyError {
  return new OndutyError({ code: status.CANCELLED, message: "the connection is closed" });
}
