import assert from "node:assert/strict";
import { test } from "node:test";

import { status } from "@grpc/grpc-js";

import { ReplacedError, WorkspaceClient } from "../src/index.js";
import { AttachResponse, type AttachRequest } from "../src/v1.js";
import { becomes, connect, LIMIT_SECONDS, until } from "./support/desk.js";
import { failure, serveAttachments, type Attaching } from "./support/peer.js";

const FIRST = AttachResponse.fromPartial({
  event: { $case: "change", value: { staff: { staffId: "ada", revision: 1n } } },
});

function whenAttached(workspace: WorkspaceClient, attached: boolean): Promise<void> {
  return until(
    () => workspace.attached === attached,
    (check) => workspace.onAttached(check),
    `attached ${attached}`,
  );
}

/** A script that notes what was asked and then does something. */
function noting(asked: AttachRequest[], then: (stream: Attaching) => void): (stream: Attaching) => void {
  return (stream) => {
    asked.push(stream.request);
    then(stream);
  };
}

const replaced = (stream: Attaching): void => {
  const told = { workspace_id: stream.request.workspaceId };
  stream.emit("error", failure(status.ABORTED, "ATTACHMENT_REPLACED", undefined, told));
};

test("a workspace keeps its id over breaks, and another one has another", async () => {
  const asked: AttachRequest[] = [];
  const peer = await serveAttachments(
    noting(asked, (stream) => {
      stream.write(FIRST);
      stream.end();
    }),
    noting(asked, (stream) => stream.write(FIRST)),
  );
  await using connection = connect(peer.address);
  const workspace = new WorkspaceClient(connection, "ada");
  workspace.attach();
  await becomes(() => asked.length === 2, "the second attachment");
  assert.deepEqual(
    asked.map(({ workspaceId }) => workspaceId),
    [workspace.workspaceId, workspace.workspaceId],
  );
  assert.match(workspace.workspaceId, /^[0-9a-f-]{36}$/);
  assert.notEqual(new WorkspaceClient(connection, "ada").workspaceId, workspace.workspaceId);
  peer.stop();
});

test("a workspace says what it is, by default the client's name and version", async () => {
  const asked: AttachRequest[] = [];
  const peer = await serveAttachments(noting(asked, (stream) => stream.write(FIRST)));
  await using connection = connect(peer.address);
  const plain = new WorkspaceClient(connection, "ada");
  plain.attach();
  await plain.waitAttached(LIMIT_SECONDS);
  const own = new WorkspaceClient(connection, "ada", { workspaceId: "desk-7", userAgent: "desk/1" });
  own.attach();
  await own.waitAttached(LIMIT_SECONDS);
  assert.match(asked[0]?.userAgent ?? "", /^onduty-client-typescript\/\d+\.\d+\.\d+/);
  assert.deepEqual([asked[1]?.workspaceId, asked[1]?.userAgent], ["desk-7", "desk/1"]);
  peer.stop();
});

test("a workspace whose place another took ends for good with a typed error", async () => {
  const asked: AttachRequest[] = [];
  const peer = await serveAttachments(
    noting(asked, (stream) => {
      stream.write(FIRST);
      queueMicrotask(() => {
        replaced(stream);
      });
    }),
    noting(asked, (stream) => stream.write(FIRST)),
  );
  await using connection = connect(peer.address, { backoffInitial: 0.001, backoffMax: 0.001 });
  const workspace = new WorkspaceClient(connection, "ada", { workspaceId: "desk-7" });
  workspace.attach();
  const states = workspace[Symbol.asyncIterator]();
  const readAll = async (): Promise<void> => {
    for (;;) if ((await states.next()).done === true) return;
  };
  await assert.rejects(readAll(), (error) => error instanceof ReplacedError && error.workspaceId === "desk-7");
  await assert.rejects(workspace.waitAttached(LIMIT_SECONDS), ReplacedError);
  assert.deepEqual([workspace.attached, asked.length], [false, 1]);
  workspace.attach();
  await whenAttached(workspace, true);
  assert.deepEqual([asked.length, asked[1]?.workspaceId], [2, "desk-7"]);
  peer.stop();
});

test("a workspace for which there is no room tries again", async () => {
  const peer = await serveAttachments(
    (stream) => {
      stream.emit("error", failure(status.RESOURCE_EXHAUSTED, "ATTACHMENT_QUOTA", 0.01));
    },
    (stream) => stream.write(FIRST),
  );
  await using connection = connect(peer.address);
  const workspace = new WorkspaceClient(connection, "ada");
  workspace.attach();
  await workspace.waitAttached(LIMIT_SECONDS);
  assert.equal(workspace.state?.revision, 1n);
  peer.stop();
});
