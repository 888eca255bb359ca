import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  InvalidRequestError,
  NobodyAvailableError,
  NotFoundError,
  RefusedError,
  RevisionMismatchError,
  RouterClient,
  Status,
  type Connection,
  type Fact,
} from "../src/index.js";
import { Action } from "../src/v1.js";
import { connect, createStaff, LIMIT_SECONDS, signIn } from "./support/desk.js";
import { needsServer, OndutyServer } from "./support/onduty_server.js";

const server = new OndutyServer();
const connections: Connection[] = [];

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await server.remove();
});

async function routerWith(...staffIds: string[]): Promise<{ connection: Connection; router: RouterClient }> {
  const connection = connect(server.address);
  connections.push(connection);
  await createStaff(connection, ...staffIds);
  return { connection, router: new RouterClient(connection) };
}

test("of routers that claim the same person at once, one wins", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await signIn(connection, "ada");
  const claims = ["c1", "c2", "c3", "c4", "c5"].map((callId) => router.claim({ callId, staffId: "ada" }));
  const outcomes = await Promise.allSettled(claims);
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.equal(refused.length, 4);
  for (const { reason } of refused) {
    assert.ok(reason instanceof RefusedError);
    assert.deepEqual(
      [reason.reason, reason.current?.staffId, reason.requested],
      ["STAFF_NOT_ASSIGNABLE", "ada", Action.CLAIM],
    );
  }
});

test("a claim of a group takes the one who has been available longest", needsServer, async () => {
  const { connection, router } = await routerWith("ada", "bob");
  await signIn(connection, "bob", "ada");
  const claim = await router.claimMember({ callId: "c1", skillGroups: "sales", ttl: 1.5, source: "pbx" });
  assert.deepEqual([claim.staff?.staffId, claim.staff?.offer?.claimId], ["bob", claim.claimId]);
  assert.deepEqual([claim.staff?.offer?.source, claim.replayed], ["pbx", false]);
});

test("a claim of a group without anybody available tells the counts", needsServer, async () => {
  const { router } = await routerWith("ada");
  await assert.rejects(router.claimMember({ callId: "c1", skillGroups: "sales" }), (error) => {
    assert.ok(error instanceof NobodyAvailableError);
    const counts = [{ status: Status.OFFLINE, count: 1, assignable: 0 }];
    assert.deepEqual([error.counts, error.skillGroups], [counts, [{ skillGroup: "sales", counts, total: 1 }]]);
    return true;
  });
});

test("a request id is made where none was given, and told with an error", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await assert.rejects(router.claim({ callId: "c1", staffId: "ada" }), (error: RefusedError) =>
    /^[0-9a-f-]{36}$/.test(error.requestId),
  );
  await signIn(connection, "ada");
  const floor = router.floor();
  await floor.waitCurrent(LIMIT_SECONDS);
  const heard = new Promise<string>((resolve) => {
    floor.onChange(({ transition }) => {
      resolve(transition?.requestId ?? "");
    });
  });
  await router.claim({ callId: "c1", staffId: "ada" });
  assert.match(await heard, /^[0-9a-f-]{36}$/);
});

test("the same request id gives the first answer again", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await signIn(connection, "ada");
  const first = await router.claim({ callId: "c1", staffId: "ada", requestId: "r-1" });
  const second = await router.claim({ callId: "c1", staffId: "ada", requestId: "r-1" });
  assert.deepEqual([first.replayed, second.replayed, second.claimId], [false, true, first.claimId]);
});

test("the same request id with other content is refused", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await signIn(connection, "ada");
  await router.claim({ callId: "c1", staffId: "ada", requestId: "r-1" });
  await assert.rejects(
    router.claim({ callId: "c2", staffId: "ada", requestId: "r-1" }),
    (error: InvalidRequestError) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.deepEqual([error.reason, error.requestId], ["REQUEST_ID_REUSED", "r-1"]);
      return true;
    },
  );
});

test("a claim is withdrawn once", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await signIn(connection, "ada");
  const { claimId } = await router.claim({ callId: "c1", staffId: "ada" });
  assert.equal((await router.withdraw(claimId)).applied, true);
  assert.equal((await router.withdraw(claimId)).applied, false);
  await assert.rejects(router.withdraw("no-such-claim"), NotFoundError);
});

test("a revision that no longer holds is refused with the present state", needsServer, async () => {
  const { connection, router } = await routerWith("ada");
  await signIn(connection, "ada");
  await assert.rejects(router.claim({ callId: "c1", staffId: "ada", expectedRevision: 1n }), (error) => {
    assert.ok(error instanceof RevisionMismatchError);
    assert.deepEqual([error.current?.staffId, error.expectedRevision, error.code], ["ada", 1n, "ABORTED"]);
    return true;
  });
});

test("a call is reported with the source's own time to the microsecond", needsServer, async () => {
  const { router } = await routerWith("ada");
  const occurredAt = { seconds: 1_780_000_000n, nanos: 123_456_000 };
  const started = await router.callStarted({ staffId: "ada", callId: "c1", source: "pbx", occurredAt });
  assert.deepEqual([started.applied, started.staff?.calls[0]?.occurredAt], [true, occurredAt]);
  const again = await router.callStarted({ staffId: "ada", callId: "c1", source: "pbx", occurredAt });
  assert.equal(again.applied, false);
  const ended = await router.callEnded({ staffId: "ada", callId: "c1", source: "pbx" });
  assert.deepEqual([ended.applied, ended.staff?.calls], [true, []]);
});

test("each fact of a batch has its own result, in order", needsServer, async () => {
  const { router } = await routerWith("ada");
  const { results, position } = await router.report([
    { started: { staffId: "ada", callId: "c1" } },
    { started: { staffId: "nobody", callId: "c2", requestId: "r-2" } },
    { ended: { staffId: "", callId: "c3" } },
  ]);
  assert.equal(results[0]?.taken?.applied, true);
  assert.ok(results[1]?.error instanceof NotFoundError);
  assert.deepEqual([results[1].error.requestId, results[1].error.metadata], ["r-2", { staff_id: "nobody" }]);
  assert.ok(results[2]?.error instanceof InvalidRequestError);
  assert.equal(results[2].error.violations[0]?.field, "staff_id");
  assert.notEqual(position, "");
});

test("more than 1,000 facts are reported in parts that are idempotent together", needsServer, async () => {
  const { router } = await routerWith("ada");
  const facts = Array.from({ length: 2_001 }, (_, index): Fact => {
    const call = { staffId: "ada", callId: `c${index >> 1}` };
    return index % 2 === 0 ? { started: call } : { ended: call };
  });
  const first = await router.report(facts, { requestId: "r-1", timeout: 2 * LIMIT_SECONDS });
  assert.deepEqual([first.results.length, first.results.every(({ taken }) => taken?.applied)], [2_001, true]);
  const second = await router.report(facts, { requestId: "r-1", timeout: 2 * LIMIT_SECONDS });
  assert.ok(second.results.every(({ taken }) => taken?.replayed));
});

test("a batch that is refused as a whole has the id to ask with again", needsServer, async () => {
  const { router } = await routerWith("ada");
  await assert.rejects(
    router.report([], { requestId: "r-1" }),
    (error: InvalidRequestError) => error.requestId === "r-1",
  );
});

test("reconciling ends the source's other calls and starts the missing ones", needsServer, async () => {
  const { router } = await routerWith("ada", "bob");
  await router.callStarted({ staffId: "ada", callId: "old", source: "pbx" });
  const calls = [
    { staffId: "bob", callId: "new" },
    { staffId: "nobody", callId: "x" },
  ];
  const answer = await router.reconcile("pbx", calls);
  const who = ({ staffId, callId }: { staffId: string; callId: string }) => [staffId, callId];
  assert.deepEqual(answer.ended.map(who), [["ada", "old"]]);
  assert.deepEqual(answer.started.map(who), [["bob", "new"]]);
  assert.deepEqual(answer.unknownStaff.map(who), [["nobody", "x"]]);
});

test("everybody is listed over pages, at one position", needsServer, async () => {
  const { connection, router } = await routerWith();
  const facts = Array.from({ length: 1_001 }, (_, index) => `s${String(index).padStart(4, "0")}`);
  await Promise.all(facts.map((staffId) => createStaff(connection, staffId)));
  const { staffId: last, position: atLeast } = await lastCreated(connection, router);
  const { staff, position } = await router.listStaff({ skillGroups: ["sales"] }, { atLeast });
  assert.deepEqual(
    staff.map((person) => person.staffId),
    [...facts, last].sort(),
  );
  assert.notEqual(position, "");
});

async function lastCreated(
  connection: Connection,
  router: RouterClient,
): Promise<{ staffId: string; position: string }> {
  await createStaff(connection, "zed");
  const { position } = await router.callStarted({ staffId: "zed", callId: "c1" });
  return { staffId: "zed", position };
}
