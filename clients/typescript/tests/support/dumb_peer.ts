/** A peer that takes connections and says nothing. */
import { createServer, type Socket } from "node:net";

/** A listening peer. */
export class DumbPeer {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.accepted += 1;
    this.#sockets.add(socket.on("error", () => undefined).resume());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#tell();
    });
    this.#tell();
  });
  readonly #listeners = new Set<() => void>();
  /** How many connections it took so far. */
  accepted = 0;

  /** Listen on a free port. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  /** `host:port`. */
  get address(): string {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
  }

  /** How many connections are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Call the function whenever a connection comes or goes. */
  onChange(check: () => void): () => void {
    this.#listeners.add(check);
    return () => this.#listeners.delete(check);
  }

  /** End every connection and stop listening. */
  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #tell(): void {
    for (const check of this.#listeners) check();
  }
}
