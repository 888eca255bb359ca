/** Runs a compiled program of this package as a process of its own. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const END_SECONDS = 120;

/** A running program. */
export class Program {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #timer: NodeJS.Timeout;
  readonly #closed: Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  /** What it printed so far. */
  output = "";
  /** What it printed to standard error so far. */
  errors = "";

  /** Start `node dist/<path>`; it is killed if it has not ended after two minutes. */
  constructor(path: string, ...given: string[]) {
    const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
    this.#process = spawn(process.execPath, [file, ...given], { stdio: ["pipe", "pipe", "pipe"] });
    this.#closed = once(this.#process, "close");
    this.#timer = setTimeout(() => this.#process.kill("SIGKILL"), END_SECONDS * 1_000);
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      for (const check of this.#listeners) check();
    });
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
  }

  /** The lines that it printed to their ends so far. */
  get lines(): string[] {
    const complete = this.output.slice(0, this.output.lastIndexOf("\n") + 1);
    return complete.split("\n").filter((line) => line !== "");
  }

  /** Call the function whenever it prints. */
  onOutput(check: () => void): () => void {
    this.#listeners.add(check);
    return () => this.#listeners.delete(check);
  }

  /** Write to its standard input. */
  write(text: string): this {
    this.#process.stdin.write(text);
    return this;
  }

  /** End its standard input. */
  endInput(): this {
    this.#process.stdin.end();
    return this;
  }

  /** Send a signal. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Wait for its end and all of its output: the exit code, or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    await this.#closed;
    clearTimeout(this.#timer);
    return this.#process.exitCode ?? this.#process.signalCode;
  }
}
