/** A server of grpc-js that does what a test says: for frames and failures that the real server cannot be made to send. */
import {
  Server,
  ServerCredentials,
  status,
  Metadata,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { Any } from "../../gen/google/protobuf/any.js";
import { ErrorInfo, RetryInfo } from "../../gen/google/rpc/error_details.js";
import { Status as RpcStatus } from "../../gen/google/rpc/status.js";
import { toDuration } from "../../src/instants.js";
import {
  RouterServiceService,
  WatchStaffResponse,
  WorkspaceServiceService,
  type AttachRequest,
  type AttachResponse,
  type WatchColleaguesRequest,
  type WatchColleaguesResponse,
  type WatchStaffRequest,
} from "../../src/v1.js";

/** One watch that a client has open. */
export type Watch = ServerWritableStream<WatchStaffRequest, WatchStaffResponse>;

/** One attachment that a client has open. */
export type Attaching = ServerWritableStream<AttachRequest, AttachResponse>;

/** One watch of colleagues that a client has open. */
export type ColleagueWatch = ServerWritableStream<WatchColleaguesRequest, WatchColleaguesResponse>;

/** A running server. */
export interface Peer {
  /** `host:port`. */
  readonly address: string;
  /** End it at once. */
  stop(): void;
}

/** Serve the methods given, of the router's service where no other is named; every other one is UNIMPLEMENTED. */
export async function serve(
  methods: UntypedServiceImplementation,
  credentials = ServerCredentials.createInsecure(),
  service: ServiceDefinition = RouterServiceService,
): Promise<Peer> {
  const server = new Server();
  server.addService(service, methods);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

/** Serve watches only: each is handed to the next of the scripts, the last script gets all that follow. */
export async function serveWatches(...scripts: ((watch: Watch) => void)[]): Promise<Peer> {
  return serve({ watchStaff: oneAfterAnother(scripts) });
}

/** Serve attachments only, in the same way. */
export async function serveAttachments(...scripts: ((stream: Attaching) => void)[]): Promise<Peer> {
  return serve({ attach: oneAfterAnother(scripts) }, undefined, WorkspaceServiceService);
}

/** Serve watches of colleagues only, in the same way. */
export async function serveColleagues(...scripts: ((watch: ColleagueWatch) => void)[]): Promise<Peer> {
  return serve({ watchColleagues: oneAfterAnother(scripts) }, undefined, WorkspaceServiceService);
}

function oneAfterAnother<Stream>(scripts: readonly ((stream: Stream) => void)[]): (stream: Stream) => void {
  let count = 0;
  return (stream) => {
    scripts[Math.min(count, scripts.length - 1)]?.(stream);
    count += 1;
  };
}

/** What the service sends with an error of the reason. */
export function failure(code: status, reason: string, retryAfter?: number, told: Record<string, string> = {}): object {
  const info = ErrorInfo.encode({ reason, domain: "onduty.dev", metadata: told });
  const details = [anyOf("google.rpc.ErrorInfo", info.finish())];
  if (retryAfter !== undefined) {
    details.push(anyOf("google.rpc.RetryInfo", RetryInfo.encode({ retryDelay: toDuration(retryAfter) }).finish()));
  }
  const metadata = new Metadata();
  const bytes = RpcStatus.encode({ code, message: reason, details }).finish();
  metadata.set("grpc-status-details-bin", Buffer.from(bytes));
  return { code, details: reason, metadata };
}

function anyOf(name: string, value: Uint8Array): Any {
  return { typeUrl: `type.googleapis.com/${name}`, value: Buffer.from(value) };
}
