// A real server with its pages, on free ports, for a test.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
export const program = join(root, ".venv/bin/onduty");
const PATIENCE_MS = 60_000;

/** What a program printed, when a pattern is in it. */
function printed(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`not printed: ${pattern}\n${text}`)), PATIENCE_MS);
    const take = (chunk) => {
      text += chunk;
      const found = pattern.exec(text);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${text}`)));
  });
}

export class Server {
  #folder = mkdtempSync(join(tmpdir(), "onduty-pages-"));
  #flags;
  #web = "127.0.0.1:0";
  #listen = "127.0.0.1:0";

  static async start(...flags) {
    const server = new Server();
    server.#flags = flags;
    await server.begin();
    return server;
  }

  /** Start, or start again where it was. */
  async begin() {
    const line = ["serve", "--sample", "--journal", join(this.#folder, "journal.db"), "--drain", "1"];
    line.push("--listen", this.#listen, "--web", this.#web, ...this.#flags);
    this.child = spawn(program, line, { stdio: ["ignore", "pipe", "pipe"] });
    const found = await printed(this.child, /serving on (\S+) [^]*The pages are on (\S+)\/desk,/);
    [, this.address, this.url] = found;
    this.#listen = this.address;
    this.#web = new URL(this.url).host;
  }

  /** End it by a signal, and wait for it. */
  async end(signal = "SIGTERM") {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }

  async stop() {
    await this.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A unary call in JSON. */
  async call(method, request) {
    const answer = await fetch(`${this.url}/onduty.v1.${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const content = await answer.json();
    if (!answer.ok) throw new Error(`${method}: ${content.message}`);
    return content;
  }

  startCall(staffId, callId) {
    return this.call("RouterService/ReportCallStarted", { staffId, callId, source: "pbx" });
  }

  endCall(staffId, callId) {
    return this.call("RouterService/ReportCallEnded", { staffId, callId, source: "pbx" });
  }

  claim(staffId, callId) {
    return this.call("RouterService/ClaimStaff", { callId, named: { staffId } });
  }

  choose(staffId, status, breakReason = "") {
    return this.call("WorkspaceService/ChangeStatus", { staffId, choice: { status: `STATUS_${status}`, breakReason } });
  }

  async staff(staffId) {
    return (await this.call("WorkspaceService/GetStaff", { staffId })).staff;
  }
}
