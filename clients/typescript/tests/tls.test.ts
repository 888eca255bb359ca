import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";

import { Connection, RouterClient, UnavailableError, type TlsOptions } from "../src/index.js";
import { ClaimStaffResponse, type ClaimStaffRequest } from "../src/v1.js";
import { Authority, type Certificate } from "./support/certificates.js";
import { LIMIT_SECONDS } from "./support/desk.js";
import { serve, type Peer } from "./support/peer.js";

// A server of grpc-js stands for the service: it says what it was called with.
const authority = new Authority();
let server: Certificate;
let client: Certificate;
let oneSided: Peer;
let mutual: Peer;

before(async () => {
  [server, client] = [authority.issue("onduty.test"), authority.issue("router.test")];
  [oneSided, mutual] = [await serveTls(false), await serveTls(true)];
});

after(() => {
  oneSided.stop();
  mutual.stop();
  authority.remove();
});

async function serveTls(isMutual: boolean): Promise<Peer> {
  const pair = { cert_chain: readFileSync(server.certFile), private_key: readFileSync(server.keyFile) };
  const credentials = ServerCredentials.createSsl(readFileSync(authority.caFile), [pair], isMutual);
  const claimStaff = (call: ServerUnaryCall<ClaimStaffRequest, object>, answer: sendUnaryData<object>): void => {
    answer(null, ClaimStaffResponse.fromPartial({ claimId: call.metadata.get("authorization").join() }));
  };
  return serve({ claimStaff }, credentials);
}

async function claimOver(peer: Peer, tls: TlsOptions | undefined, token?: string): Promise<string> {
  await using connection = new Connection({ target: peer.address, tls, token, callTimeout: LIMIT_SECONDS });
  return (await new RouterClient(connection).claim({ callId: "c1", staffId: "ada" })).claimId;
}

test("a call goes over TLS, with the server's name checked and the token sent", async () => {
  const tls = { caFile: authority.caFile, serverName: "onduty.test" };
  assert.equal(await claimOver(oneSided, tls, "secret"), "Bearer secret");
});

test("a server with another name is refused", async () => {
  await assert.rejects(claimOver(oneSided, { caFile: authority.caFile }), UnavailableError);
  await assert.rejects(claimOver(oneSided, { caFile: authority.caFile, serverName: "other.test" }), UnavailableError);
});

test("a server whose authority is not trusted is refused", async () => {
  await assert.rejects(claimOver(oneSided, { serverName: "onduty.test" }), UnavailableError);
});

test("plain text to a TLS server fails", async () => {
  await assert.rejects(claimOver(oneSided, undefined), UnavailableError);
});

test("mutual TLS shows the client's certificate", async () => {
  const tls = { caFile: authority.caFile, serverName: "onduty.test" };
  await assert.rejects(claimOver(mutual, tls), UnavailableError);
  assert.equal(await claimOver(mutual, { ...tls, ...client }), "");
});

test("a key that does not belong to the certificate is refused when the connection is made", () => {
  const tls = { caFile: authority.caFile, certFile: client.certFile, keyFile: server.keyFile };
  assert.throws(() => new Connection({ target: oneSided.address, tls }), TypeError);
});
