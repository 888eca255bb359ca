/**
 * Makes the gRPC channel of a connection: its credentials and the settings that the client contract names.
 *
 * It makes no call.
 */
import { readFileSync } from "node:fs";

import { Channel, connectivityState, credentials, type ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";

import { LimitedCredentials } from "./connect_limit.js";
import type { Settings, TlsOptions } from "./options.js";
import { USER_AGENT } from "./version.js";

const SERVICE_CONFIG = readFileSync(new URL("../gen/service_config.json", import.meta.url), "utf8");
const MEBIBYTE = 1024 * 1024;

const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.service_config": SERVICE_CONFIG,
  "grpc.service_config_disable_resolution": 1,
  "grpc.keepalive_time_ms": 15_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_receive_message_length": 64 * MEBIBYTE,
  "grpc.enable_http_proxy": 0,
  "grpc.primary_user_agent": USER_AGENT,
  // A pool of its own: otherwise two connections to one address would share a socket, and closing one would leave it open.
  "grpc.use_local_subchannel_pool": 1,
  // The waits between attempts of streams are this client's; the channel itself is to be back within a second of the server, also
  // with the jitter of a fifth.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 800,
  // The default of 64 KiB would hold a large snapshot up once every round trip.
  "grpc-node.flow_control_window": MEBIBYTE,
  // The largest batch of call events has about 2 MiB; what is above this limit would not be retried.
  "grpc.per_rpc_retry_buffer_size": 4 * MEBIBYTE,
};

/** How long connecting may take. */
const CONNECT_SECONDS = 10;

/**
 * The present gRPC channel.
 *
 * grpc-js waits for a host that drops packets as long as the system does, minutes, and would not look its name up again meanwhile.
 * A channel that connects for longer than 10 s is replaced by a new one.
 */
export class PresentChannel {
  readonly #target: string;
  readonly #credentials: ChannelCredentials;
  readonly #options: ChannelOptions;
  #channel: Channel;
  #connectingSince: number | undefined;

  /** Throws TypeError for TLS files that cannot be used. */
  constructor(settings: Settings) {
    this.#target = `dns:${settings.target}`;
    const inner = settings.tls === undefined ? credentials.createInsecure() : tlsCredentials(settings.tls);
    this.#credentials = new LimitedCredentials(inner, CONNECT_SECONDS, () => this.#is(connectivityState.READY));
    const name = settings.tls?.serverName;
    this.#options =
      name === undefined
        ? CHANNEL_OPTIONS
        : { ...CHANNEL_OPTIONS, "grpc.ssl_target_name_override": name, "grpc.default_authority": name };
    this.#channel = this.#open();
  }

  /** The channel for the next call; `now` is a monotonic time in seconds. */
  get(now: number): Channel {
    if (!this.#is(connectivityState.CONNECTING)) this.#connectingSince = undefined;
    else if (this.#connectingSince === undefined) this.#connectingSince = now;
    else if (now - this.#connectingSince > CONNECT_SECONDS) this.#replace();
    return this.#channel;
  }

  /** Close the channel. */
  close(): void {
    this.#channel.close();
  }

  #is(state: connectivityState): boolean {
    return this.#channel.getConnectivityState(false) === state;
  }

  #replace(): void {
    this.#channel.close();
    this.#channel = this.#open();
    this.#connectingSince = undefined;
  }

  #open(): Channel {
    return new Channel(this.#target, this.#credentials, this.#options);
  }
}

function tlsCredentials(tls: TlsOptions): ChannelCredentials {
  const [ca, key, cert] = [pem("caFile", tls.caFile), pem("keyFile", tls.keyFile), pem("certFile", tls.certFile)];
  try {
    return credentials.createSsl(ca, key, cert);
  } catch (cause) {
    throw new TypeError("the files of tls are not usable certificates and keys", { cause });
  }
}

function pem(field: string, path: string | undefined): Buffer | null {
  if (path === undefined) return null;
  try {
    const bytes = readFileSync(path);
    if (bytes.includes("-----BEGIN ")) return bytes;
  } catch (cause) {
    throw new TypeError(`tls.${field} cannot be read: ${path}`, { cause });
  }
  throw new TypeError(`tls.${field} is not a PEM file: ${path}`);
}
