import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";

import {
  AccessError,
  Connection,
  OndutyError,
  RouterClient,
  TimedOutError,
  UnavailableError,
  UnsupportedError,
} from "../src/index.js";
import {
  ClaimStaffResponse,
  ExportTransitionsRequest,
  ForceStatusRequest,
  HistoryServiceService,
  SupervisorServiceService,
  Status,
  WatchStaffRequest,
  RouterServiceService,
  type ClaimStaffRequest,
} from "../src/v1.js";
import { connect, createStaff, LIMIT_SECONDS, signIn } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";
import { failure, serve, type Peer, type Watch } from "./support/peer.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

type ClaimCall = ServerUnaryCall<ClaimStaffRequest, ClaimStaffResponse>;
type Answer = sendUnaryData<ClaimStaffResponse>;

async function serveClaims(claimStaff: (call: ClaimCall, answer: Answer) => void): Promise<Peer> {
  return serve({ claimStaff });
}

const CLAIM = { callId: "c1", staffId: "ada" };

test("a generated method is called with the connection's errors", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  const request = ForceStatusRequest.fromPartial({
    staffId: "ada",
    choice: { status: Status.BUSY },
    note: "cover",
  });
  const answer = await connection.call(SupervisorServiceService.forceStatus, request);
  assert.equal(answer.staff?.status, Status.BUSY);
  const wrong = { ...request, note: "" };
  await assert.rejects(connection.call(SupervisorServiceService.forceStatus, wrong), (error: OndutyError) => {
    assert.deepEqual([error.name, error.reason], ["InvalidRequestError", "INVALID_FIELD"]);
    return error.requestId !== "";
  });
});

test("a generated stream is read to its end", needsServer, async () => {
  await using connection = connect(server.address);
  await createStaff(connection, "ada");
  await signIn(connection, "ada");
  let count = 0;
  const request = ExportTransitionsRequest.create();
  for await (const answer of connection.stream(HistoryServiceService.exportTransitions, request)) {
    count += answer.transitions.length;
  }
  assert.equal(count, 2);
});

test("leaving the reading of a stream ends it", needsServer, async () => {
  await using connection = connect(server.address);
  const stream = connection.stream(RouterServiceService.watchStaff, WatchStaffRequest.create());
  for await (const frame of stream) {
    assert.notEqual(frame.position, "");
    break;
  }
  for await (const frame of stream) assert.fail(`a frame after the end: ${frame.position}`);
});

test("a call that is not answered in time fails with TimedOutError and its request id", async () => {
  const peer = await serveClaims(() => undefined);
  await using connection = connect(peer.address, { callTimeout: 0.1 });
  await assert.rejects(new RouterClient(connection).claim({ ...CLAIM, requestId: "r-1" }), (error) => {
    assert.ok(error instanceof TimedOutError);
    return error.requestId === "r-1";
  });
  peer.stop();
});

test("a call can have a deadline of its own", async () => {
  const peer = await serveClaims(() => undefined);
  await using connection = connect(peer.address);
  await assert.rejects(new RouterClient(connection).claim({ ...CLAIM, timeout: 0.1 }), TimedOutError);
  peer.stop();
});

test("an abort ends the wait with the signal's reason", async () => {
  const peer = await serveClaims(() => {
    controller.abort(new Error("enough"));
  });
  const controller = new AbortController();
  await using connection = connect(peer.address);
  await assert.rejects(new RouterClient(connection).claim({ ...CLAIM, signal: controller.signal }), /enough/);
  peer.stop();
});

test("a server that is not there is UnavailableError, after the retries", async () => {
  await using connection = connect("127.0.0.1:1");
  await assert.rejects(new RouterClient(connection).claim(CLAIM), UnavailableError);
});

test("UNAVAILABLE is tried again with the same request id, four times in all", async () => {
  const ids: string[] = [];
  const peer = await serveClaims((call, answer) => {
    ids.push(call.request.requestId);
    answer(failure(status.UNAVAILABLE, "JOURNAL_UNAVAILABLE", 0.01));
  });
  await using connection = connect(peer.address);
  await assert.rejects(
    new RouterClient(connection).claim(CLAIM),
    (error: UnavailableError) => error.retryAfter === 0.01,
  );
  assert.equal(ids.length, 4);
  assert.equal(new Set(ids).size, 1);
  peer.stop();
});

test("nothing else is tried again", async () => {
  let calls = 0;
  const peer = await serveClaims((_, answer) => {
    calls += 1;
    answer(failure(status.RESOURCE_EXHAUSTED, "OVERLOADED", 0.01));
  });
  await using connection = connect(peer.address);
  await assert.rejects(new RouterClient(connection).claim(CLAIM), { name: "OverloadedError" });
  assert.equal(calls, 1);
  peer.stop();
});

test("the tenant, the actor and the present token go with every call", async () => {
  const seen: unknown[] = [];
  const peer = await serveClaims((call, answer) => {
    seen.push([
      call.metadata.get("onduty-tenant"),
      call.metadata.get("onduty-actor"),
      call.metadata.get("authorization"),
    ]);
    answer(null, ClaimStaffResponse.create());
  });
  let asked = 0;
  const token = (): Promise<string> => Promise.resolve(`token-${(asked += 1)}`);
  await using connection = connect(peer.address, { tenant: "north", actor: "lea", token });
  await new RouterClient(connection).claim(CLAIM);
  await new RouterClient(connection).claim(CLAIM);
  assert.deepEqual(seen, [
    [["north"], ["lea"], ["Bearer token-1"]],
    [["north"], ["lea"], ["Bearer token-2"]],
  ]);
  peer.stop();
});

test("a token function that fails is AccessError with its cause", async () => {
  const cause = new Error("the vault is shut");
  const token = (): never => {
    throw cause;
  };
  await using connection = connect("127.0.0.1:1", { token });
  await assert.rejects(new RouterClient(connection).claim(CLAIM), (error) => {
    assert.ok(error instanceof AccessError);
    return error.code === "UNAUTHENTICATED" && error.cause === cause;
  });
});

test("a token function that does not answer is bound by the deadline", async () => {
  await using connection = connect("127.0.0.1:1", {
    token: () => new Promise<string>(() => undefined),
    callTimeout: 0.1,
  });
  await assert.rejects(new RouterClient(connection).claim(CLAIM), TimedOutError);
});

test("a method that the server does not have is UnsupportedError", async () => {
  const peer = await serve({});
  await using connection = connect(peer.address);
  await assert.rejects(new RouterClient(connection).claim(CLAIM), UnsupportedError);
  peer.stop();
});

test("a closed connection makes no call", async () => {
  const connection = connect("127.0.0.1:1");
  await Promise.all([connection.close(), connection.close()]);
  assert.equal(connection.closed, true);
  await assert.rejects(new RouterClient(connection).claim(CLAIM), { name: "OndutyError", code: "CANCELLED" });
  assert.throws(() => new RouterClient(connection).floor(), OndutyError);
});

test("a CANCELLED that nobody asked for is made again, and is UNAVAILABLE in the end", async () => {
  let attempts = 0;
  const tooMany = { code: status.CANCELLED, details: "too many calls" };
  const peer = await serve({
    claimStaff: (_call: ClaimCall, answer: Answer) => {
      attempts += 1;
      if (attempts === 2) answer(null, ClaimStaffResponse.create());
      else answer(tooMany);
    },
    watchStaff: (watch: Watch) => watch.emit("error", tooMany),
  });
  await using connection = connect(peer.address);
  await new RouterClient(connection).claim(CLAIM);
  assert.equal(attempts, 2);
  const unavailable = { name: "UnavailableError", code: "UNAVAILABLE", message: "too many calls" };
  await assert.rejects(new RouterClient(connection).claim(CLAIM), unavailable);
  const stream = connection.stream(RouterServiceService.watchStaff, WatchStaffRequest.create());
  await assert.rejects(stream[Symbol.asyncIterator]().next(), unavailable);
  peer.stop();
});

test("closing ends calls in progress", async () => {
  const peer = await serveClaims(() => void connection.close());
  const connection = connect(peer.address);
  await assert.rejects(new RouterClient(connection).claim(CLAIM), { code: "CANCELLED" });
  peer.stop();
});

test("two connections to one address do not share a socket", async () => {
  const peers = new Set<string>();
  const peer = await serveClaims((call, answer) => {
    peers.add(call.getPeer());
    answer(null, ClaimStaffResponse.create());
  });
  await using one = connect(peer.address);
  await using other = connect(peer.address);
  for (const connection of [one, other]) await new RouterClient(connection).claim(CLAIM);
  assert.equal(peers.size, 2);
  peer.stop();
});

test("web proxies of the environment are not used", async () => {
  process.env["http_proxy"] = "http://127.0.0.1:1";
  try {
    const peer = await serveClaims((_, answer) => {
      answer(null, ClaimStaffResponse.fromPartial({ claimId: "k" }));
    });
    await using connection = new Connection({ target: peer.address, callTimeout: LIMIT_SECONDS });
    assert.equal((await new RouterClient(connection).claim(CLAIM)).claimId, "k");
    peer.stop();
  } finally {
    delete process.env["http_proxy"];
  }
});
