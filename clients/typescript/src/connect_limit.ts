/**
 * Bounds the time that a peer may take between accepting a connection and speaking HTTP/2 on it.
 *
 * It leaves connections alone once the channel is ready; keepalive watches those.
 */
import type { Socket } from "node:net";

import { ChannelCredentials, type ChannelOptions, type experimental } from "@grpc/grpc-js";

type Connector = experimental.SecureConnector;
type Connected = experimental.SecureConnectResult;
type Target = Parameters<ChannelCredentials["_createSecureConnector"]>[0];

/**
 * Credentials that are the inner ones in all but this: grpc-js waits without end for a peer that takes a connection and then says
 * nothing, and keeps such a socket when the channel is closed. Here that socket is destroyed, and the attempt fails.
 */
export class LimitedCredentials extends ChannelCredentials {
  readonly #inner: ChannelCredentials;
  readonly #seconds: number;
  readonly #isReady: () => boolean;

  /** `isReady` tells whether the channel is ready now. */
  constructor(inner: ChannelCredentials, seconds: number, isReady: () => boolean) {
    super();
    this.#inner = inner;
    this.#seconds = seconds;
    this.#isReady = isReady;
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(target: Target, options: ChannelOptions): Connector {
    const inner = this.#inner._createSecureConnector(target, options);
    const handshakes = new Map<Socket, NodeJS.Timeout>();
    const giveUp = (socket: Socket): void => {
      clearTimeout(handshakes.get(socket));
      handshakes.delete(socket);
      if (!this.#isReady()) socket.destroy();
    };
    return {
      connect: (socket: Socket): Promise<Connected> => {
        handshakes.set(socket, setTimeout(giveUp, this.#seconds * 1_000, socket).unref());
        socket.once("close", () => {
          giveUp(socket);
        });
        return inner.connect(socket);
      },
      waitForReady: () => inner.waitForReady(),
      getCallCredentials: () => inner.getCallCredentials(),
      destroy: () => {
        inner.destroy();
        for (const socket of handshakes.keys()) giveUp(socket);
      },
    };
  }
}
