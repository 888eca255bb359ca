/** Calls to the service through the gateway of this page, by Connect. */
import { Code, ConnectError, createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

import { HistoryService } from "../gen/onduty/v1/history_service_pb.js";
import { RouterService } from "../gen/onduty/v1/router_service_pb.js";
import { ServerService } from "../gen/onduty/v1/server_service_pb.js";
import { SupervisorService } from "../gen/onduty/v1/supervisor_service_pb.js";
import { WorkspaceService } from "../gen/onduty/v1/workspace_service_pb.js";

/** How long a unary call may take. */
export const CALL = { timeoutMs: 5000 } as const;

/** The services. */
export interface Api {
  readonly tenant: string;
  readonly workspace: Client<typeof WorkspaceService>;
  readonly router: Client<typeof RouterService>;
  readonly supervisor: Client<typeof SupervisorService>;
  readonly history: Client<typeof HistoryService>;
  readonly server: Client<typeof ServerService>;
}

/** Where and as whom to call. Empty: this page's own gateway, the server's default tenant, the cookie. */
export interface Access {
  readonly server: string;
  readonly tenant: string;
  readonly token: string;
}

/** As the page's address says. */
export function ownAccess(): Access {
  return { server: "", tenant: new URLSearchParams(location.search).get("tenant") ?? "", token: "" };
}

/** The services of a gateway. */
export function connect({ server, tenant, token }: Access = ownAccess()): Api {
  const named: Interceptor = (next) => (request) => {
    if (tenant !== "") request.header.set("onduty-tenant", tenant);
    if (token !== "") request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  const transport = createConnectTransport({
    baseUrl: server === "" ? location.origin : server,
    useBinaryFormat: true,
    interceptors: [named],
  });
  return {
    tenant,
    workspace: createClient(WorkspaceService, transport),
    router: createClient(RouterService, transport),
    supervisor: createClient(SupervisorService, transport),
    history: createClient(HistoryService, transport),
    server: createClient(ServerService, transport),
  };
}

/** What a call failed with. */
export function failureOf(error: unknown): ConnectError {
  return ConnectError.from(error);
}

/** Whether the service asks for a credential, or for a better one. */
export function needsCredential(error: ConnectError): boolean {
  return error.code === Code.Unauthenticated;
}

/** An id that makes a change happen once, however often it is sent. */
export function requestId(): string {
  return `web-${randomId()}`;
}

/** 16 random hexadecimal digits; it also works where a page is no secure context. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
