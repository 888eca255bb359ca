import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  NotFoundError,
  RefusedError,
  RouterClient,
  Status,
  WorkspaceClient,
  type Connection,
  type Staff,
} from "../src/index.js";
import { Action, AdminServiceService, CreateBreakReasonRequest, DeleteStaffRequest } from "../src/v1.js";
import { becomes, connect, createStaff, giveTime, LIMIT_SECONDS, until } from "./support/desk.js";
import { needsServer, OndutyServer, steadyAddress } from "./support/onduty_server.js";

const server = new OndutyServer();

before(async () => {
  if (needsServer.skip === false) await server.start();
});

after(() => server.remove());

function whenStatus(workspace: WorkspaceClient, status: Status): Promise<void> {
  const isThere = (): boolean => workspace.state?.status === status;
  return until(isThere, (check) => workspace.onState(check), Status[status]);
}

function whenAttached(workspace: WorkspaceClient, attached: boolean): Promise<void> {
  const isThere = (): boolean => workspace.attached === attached;
  return until(isThere, (check) => workspace.onAttached(check), `attached ${attached}`);
}

async function signedIn(connection: Connection): Promise<WorkspaceClient> {
  await createStaff(connection, "ada");
  const workspace = new WorkspaceClient(connection, "ada");
  workspace.attach();
  await workspace.waitAttached(LIMIT_SECONDS);
  await workspace.changeStatus(Status.AVAILABLE);
  return workspace;
}

test("a workspace takes a call through wrap-up and back to reception", needsServer, async () => {
  await using connection = connect(server.address);
  await giveTime(connection);
  const workspace = await signedIn(connection);
  const router = new RouterClient(connection);
  const { claimId } = await router.claimMember({ callId: "c1", skillGroups: "sales" });
  await until(
    () => workspace.state?.offer?.claimId === claimId,
    (check) => workspace.onState(check),
  );
  const offered = workspace.remainingOffer() ?? 0;
  assert.ok(offered > 500 && offered <= 600.1, `${offered} s`);
  const accepted = await workspace.accept();
  assert.deepEqual([accepted.staff?.status, workspace.state?.status], [Status.IN_LINE, Status.IN_LINE]);
  await workspace.setNextStatus(Status.BUSY);
  await workspace.clearNextStatus();
  await router.callEnded({ staffId: "ada", callId: "c1" });
  await whenStatus(workspace, Status.AFTER_CALL_WORK);
  const wrapUp = workspace.remainingWrapUp() ?? 0;
  assert.ok(wrapUp > 3_000 && wrapUp <= 3_600.1, `${wrapUp} s`);
  await becomes(() => (workspace.remainingWrapUp() ?? wrapUp) < wrapUp, "the countdown falls");
  await workspace.continueWrapUp();
  assert.deepEqual([workspace.remainingWrapUp(), workspace.state?.status], [undefined, Status.AFTER_CALL_WORK]);
  await workspace.backToReception();
  assert.deepEqual([workspace.state?.status, workspace.remainingWrapUp()], [Status.AVAILABLE, undefined]);
});

test("a refusal tells the present state and what is allowed", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  await workspace.placeCall("c1");
  await assert.rejects(workspace.changeStatus(Status.BUSY), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.deepEqual([error.code, error.reason], ["FAILED_PRECONDITION", "TRANSITION_REFUSED"]);
    assert.deepEqual([error.current?.status, error.requested], [Status.IN_LINE, Action.CHANGE_TO_BUSY]);
    return error.allowed?.includes(Action.SET_NEXT_STATUS) === true;
  });
});

test("without a known offer accepting is refused and no call is made", async () => {
  await using connection = connect("127.0.0.1:1");
  const workspace = new WorkspaceClient(connection, "ada");
  for (const answer of [workspace.accept(), workspace.decline()]) {
    await assert.rejects(answer, (error) => error instanceof RefusedError && error.reason === "OFFER_GONE");
  }
});

test("an offer is declined with a note", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  const { claimId } = await new RouterClient(connection).claim({ callId: "c1", staffId: "ada" });
  assert.equal((await workspace.decline(claimId, { note: "at the door" })).staff?.misses, 1);
  await assert.rejects(workspace.accept(claimId), (error: RefusedError) => error.reason === "OFFER_GONE");
});

test("a break is taken for a reason of the catalogue", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  const lunch = CreateBreakReasonRequest.fromPartial({ code: "lunch", displayName: "Lunch" });
  await connection.call(AdminServiceService.createBreakReason, lunch);
  assert.deepEqual(
    (await workspace.breakReasons()).breakReasons.map(({ code }) => code),
    ["lunch"],
  );
  const answer = await workspace.takeBreak("lunch", { expectedRevision: workspace.state?.revision });
  assert.deepEqual([answer.staff?.status, workspace.state?.breakReason], [Status.ON_BREAK, "lunch"]);
});

test("the state is given to handlers and to async iteration alike", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  const handled: Staff[] = [];
  workspace.onState((staff) => handled.push(staff));
  const iterated: Status[] = [];
  const reading = (async () => {
    for await (const staff of workspace) {
      iterated.push(staff.status);
      if (staff.status === Status.OFFLINE) break;
    }
  })();
  await workspace.changeStatus(Status.BUSY);
  await workspace.changeStatus(Status.OFFLINE);
  await reading;
  assert.deepEqual(iterated, [Status.AVAILABLE, Status.BUSY, Status.OFFLINE]);
  assert.deepEqual(
    handled.map(({ status }) => status),
    [Status.BUSY, Status.OFFLINE],
  );
});

test("detaching ends the iteration and the attachment", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  const reading = (async () => {
    const seen: Staff[] = [];
    for await (const staff of workspace) seen.push(staff);
    return seen.length;
  })();
  await Promise.all([workspace.detach(), workspace.detach()]);
  assert.deepEqual([workspace.attached, await reading], [false, 1]);
  await assert.rejects(workspace.waitAttached(LIMIT_SECONDS), { code: "CANCELLED" });
  workspace.attach();
  await workspace.waitAttached(LIMIT_SECONDS);
});

test("a handler can detach its own workspace and close the connection", needsServer, async () => {
  const connection = connect(server.address);
  const workspace = await signedIn(connection);
  const closed = new Promise<void>((resolve) => {
    workspace.onState(async () => {
      await workspace.detach();
      await connection.close();
      resolve();
    });
  });
  // The answer may come after the connection's end, which its own news brings about.
  await Promise.allSettled([workspace.changeStatus(Status.BUSY)]);
  await closed;
});

test("a workspace attaches again after the server restarts", needsServer, async () => {
  const restarted = await new OndutyServer(await steadyAddress()).start();
  await using connection = connect(restarted.address);
  const workspace = await signedIn(connection);
  await restarted.stop();
  await whenAttached(workspace, false);
  await restarted.start();
  await whenAttached(workspace, true);
  assert.equal(workspace.state?.status, Status.AVAILABLE);
  await workspace.detach();
  await restarted.remove();
});

test("a deleted staff member is detached and stays so", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = await signedIn(connection);
  await workspace.changeStatus(Status.OFFLINE);
  const attachedNow: boolean[] = [];
  workspace.onAttached((attached) => attachedNow.push(attached));
  await connection.call(AdminServiceService.deleteStaff, DeleteStaffRequest.fromPartial({ staffId: "ada" }));
  await whenAttached(workspace, false);
  assert.deepEqual(attachedNow, [false]);
  await assert.rejects(workspace.waitAttached(LIMIT_SECONDS), { code: "CANCELLED" });
});

test("attaching somebody unknown fails at once", needsServer, async () => {
  await using connection = connect(server.address);
  const workspace = new WorkspaceClient(connection, "nobody");
  workspace.attach();
  await assert.rejects(workspace.waitAttached(LIMIT_SECONDS), NotFoundError);
  await assert.rejects(workspace[Symbol.asyncIterator]().next(), NotFoundError);
});

test("waiting without attaching fails at once", async () => {
  await using connection = connect("127.0.0.1:1");
  await assert.rejects(new WorkspaceClient(connection, "ada").waitAttached(LIMIT_SECONDS), { code: "CANCELLED" });
});
