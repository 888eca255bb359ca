// Gives calls to staff: reads call ids from standard input, offers each to the longest idle of a skill group, and prints what
// becomes of it. A call that nobody answered is offered again. Ends when the input and every call have ended.
//
//   node dist/examples/router.js --server 127.0.0.1:50051 --skill-group sales [--tenant T] [--talk SECONDS]
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import * as onduty from "@onduty/client";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { server: text, tenant: text, "skill-group": text, talk: text } });
const skillGroup = values["skill-group"] ?? "";
const talk = Number(values.talk ?? 0);

await using connection = new onduty.Connection({ target: values.server ?? "", tenant: values.tenant });
const router = new onduty.RouterClient(connection);
const floor = router.floor();
const stopping = new AbortController();
const news = new EventEmitter(); // "any": the input or the floor has something new
const open = new Set<string>(); // calls that have not ended
const waiting: string[] = []; // those to be offered, in order
let [changes, inputEnded] = [0, false];

const next = (): Promise<unknown> => once(news, "any", { signal: stopping.signal });
const isDone = (): boolean => inputEnded && open.size === 0;

function place(staff: onduty.Staff | undefined, callId: string): "answered" | "offered" | "away" {
  if (staff?.calls.some((call) => call.callId === callId)) return "answered";
  return staff?.offer?.callId === callId ? "offered" : "away";
}

floor.onChange(({ staffId, before, after, transition }) => {
  changes += 1;
  const touched = [before, after].flatMap((staff) => [
    staff?.offer?.callId,
    ...(staff?.calls ?? []).map((c) => c.callId),
  ]);
  for (const callId of new Set(touched)) {
    if (callId === undefined || !open.has(callId)) continue;
    const [was, is] = [place(before, callId), place(after, callId)];
    if (was === is) continue;
    // Withdrawn: the caller hung up while it rang. Any other end of an offer is a miss, and the call is offered again, first.
    const isMissed = was === "offered" && transition?.endedOffer?.end !== onduty.OfferEnd.WITHDRAWN;
    process.stdout.write(`${callId} ${is === "away" ? (isMissed ? "missed" : "ended") : is} ${staffId}\n`);
    if (is === "answered" && talk > 0) setTimeout(() => void end(staffId, callId).catch(fail), talk * 1_000);
    if (is === "away" && isMissed) waiting.unshift(callId);
    else if (is === "away") open.delete(callId);
  }
  news.emit("any");
});

async function offer(callId: string): Promise<void> {
  for (let requestId = randomUUID(); ;) {
    const seen = changes;
    try {
      await router.claimMember({ callId, skillGroups: skillGroup, requestId, signal: stopping.signal });
      return;
    } catch (error) {
      if (error instanceof onduty.NobodyAvailableError) {
        // The floor knows when to ask again: once it has changed and shows somebody.
        while (changes === seen || floor.available(skillGroup).length === 0) await next();
        requestId = randomUUID();
      } else if (error instanceof onduty.UnavailableError || error instanceof onduty.TimedOutError) {
        await floor.waitCurrent(600, stopping.signal); // then the same request again: it cannot claim twice
      } else throw error;
    }
  }
}

async function end(staffId: string, callId: string): Promise<void> {
  for (const requestId = randomUUID(); ;) {
    try {
      await router.callEnded({ staffId, callId, requestId });
      return;
    } catch (error) {
      if (!(error instanceof onduty.UnavailableError || error instanceof onduty.TimedOutError)) throw error;
      await sleep(1_000, undefined, { signal: stopping.signal });
    }
  }
}

function fail(error: unknown): void {
  if (isDone() || stopping.signal.aborted) return; // ended before the answer came
  process.exitCode = 1;
  process.stderr.write(`${String(error)}\n`);
  stopping.abort();
}

const stop = (): void => {
  stopping.abort();
};
process.once("SIGINT", stop).once("SIGTERM", stop);

const input = createInterface({ input: process.stdin, signal: stopping.signal });
input.on("line", (callId) => {
  if (callId !== "" && !open.has(callId)) waiting.push(callId);
  if (callId !== "") open.add(callId);
  news.emit("any");
});
input.on("close", () => {
  inputEnded = true;
  news.emit("any");
});

try {
  await floor.waitCurrent(60, stopping.signal);
  while (!isDone()) {
    const callId = waiting.shift();
    await (callId === undefined ? next() : offer(callId));
  }
} catch (error) {
  fail(error);
}
