import assert from "node:assert/strict";
import { test } from "node:test";

import { Channel, connectivityState, credentials } from "@grpc/grpc-js";

import { LimitedCredentials } from "../src/connect_limit.js";
import { LIMIT_SECONDS, until } from "./support/desk.js";
import { DumbPeer } from "./support/dumb_peer.js";
import { serveWatches } from "./support/peer.js";

const OPTIONS = { "grpc.use_local_subchannel_pool": 1, "grpc.initial_reconnect_backoff_ms": 10 };

function channelTo(target: string, seconds: number): Channel {
  const isReady = (): boolean => channel.getConnectivityState(false) === connectivityState.READY;
  const channel = new Channel(target, new LimitedCredentials(credentials.createInsecure(), seconds, isReady), OPTIONS);
  channel.getConnectivityState(true);
  return channel;
}

test("a peer that says nothing is given up, and tried again", async () => {
  const peer = await new DumbPeer().start();
  const channel = channelTo(peer.address, 0.1);
  await until(
    () => peer.accepted >= 3 && peer.open <= 1,
    (check) => peer.onChange(check),
    "a third connection, with those before it closed",
  );
  channel.close();
  peer.stop();
});

test("a connection that is ready outlasts the limit", async () => {
  const peer = await serveWatches(() => undefined);
  const channel = channelTo(peer.address, 0.1);
  await becomes(channel, connectivityState.READY);
  const lost = await new Promise<boolean>((resolve) => {
    channel.watchConnectivityState(connectivityState.READY, Date.now() + 300, (late) => {
      resolve(late === undefined);
    });
  });
  assert.equal(lost, false);
  channel.close();
  peer.stop();
});

async function becomes(channel: Channel, last: connectivityState): Promise<void> {
  for (let now = channel.getConnectivityState(false); now !== last; now = channel.getConnectivityState(false)) {
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(now, Date.now() + LIMIT_SECONDS * 1_000, (late) => {
        if (late === undefined) resolve();
        else reject(late);
      });
    });
  }
}
