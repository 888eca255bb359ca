/** Runs the repository's server as a process of its own: real port, real journal, real signals. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const EXECUTABLE = fileURLToPath(new URL("../../../../../.venv/bin/onduty", import.meta.url));
const START_SECONDS = 60;

/** Given to tests that need the server: skips them, with the reason, where the repository's .venv is not there. */
export const needsServer = { skip: existsSync(EXECUTABLE) ? false : "the repository's .venv/bin/onduty is not there" };

/** A free address for a server that restarts: no system gives its port to others, so it stays free in between. */
export async function steadyAddress(): Promise<string> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const listening = createServer().listen(port, "127.0.0.1");
    const isFree = await once(listening, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    listening.close();
    await once(listening, "close");
    return `127.0.0.1:${port}`;
  }
}

/** A server process. */
export class OndutyServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "onduty-"));
  #process: ChildProcess | undefined;
  /** `host:port`, once started. */
  address: string;

  /** Without an address it takes a free one at its first start. */
  constructor(address = "") {
    this.address = address;
  }

  /** Start; after a stop on the same port and the same journal. */
  async start(): Promise<this> {
    const listen = this.address === "" ? "127.0.0.1:0" : this.address;
    const journal = join(this.#folder, "journal.db");
    const child = spawn(EXECUTABLE, ["serve", "--listen", listen, "--journal", journal], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#process = child;
    const timer = setTimeout(() => child.kill("SIGKILL"), START_SECONDS * 1_000);
    for await (const line of createInterface({ input: child.stdout })) {
      const found = /Onduty is serving on (\S+:\d+)/.exec(line)?.[1];
      if (found === undefined) continue;
      clearTimeout(timer);
      child.stdout.resume();
      this.address = found;
      return this;
    }
    throw new Error("the server did not start");
  }

  /** End the process and wait for its end; the journal stays. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  /** End the process and remove the journal. */
  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
