/**
 * What a connection can be told, with its defaults and bounds.
 *
 * It checks values; it opens no file and no socket.
 */

/** How to reach a server over TLS. An empty object means TLS with Node's trusted roots. */
export interface TlsOptions {
  /** File with the trusted roots, PEM. Absent: the roots that Node trusts (`--use-system-ca` and NODE_EXTRA_CA_CERTS count). */
  readonly caFile?: string | undefined;
  /** File with the client's certificate chain, PEM, for mutual TLS. Needs `keyFile`. */
  readonly certFile?: string | undefined;
  /** File with the client's private key, PEM. Needs `certFile`. */
  readonly keyFile?: string | undefined;
  /** The name that the server's certificate must bear, instead of the target's host. */
  readonly serverName?: string | undefined;
}

/** A bearer token, or a function that gives the present one. The function is asked for every call and every stream. */
export type Token = string | (() => string | Promise<string>);

/** What a floor may have of its own; the connection's values are the defaults. Times are seconds. */
export interface StreamTimes {
  /** How often a quiet stream says that it lives, 1-60 s. Default 5. */
  readonly bookmarkInterval?: number | undefined;
  /** A floor that has heard nothing for so long calls nobody available, 0.001-86,400 s. Default 30. */
  readonly trustLimit?: number | undefined;
  /** The first wait before a stream is opened again, 0.001-3,600 s. Default 0.2. */
  readonly backoffInitial?: number | undefined;
  /** The longest such wait, from `backoffInitial` to 3,600 s. Default 10. */
  readonly backoffMax?: number | undefined;
}

/** Options of a {@link Connection}. Times are seconds. */
export interface ConnectionOptions extends StreamTimes {
  /** `host:port`; an IPv6 address stands in brackets. */
  readonly target: string;
  /** The tenant, 1-128 printable ASCII characters, sent as `onduty-tenant`. Absent: the server's own choice. */
  readonly tenant?: string | undefined;
  /** Who acts, 1-128 printable ASCII characters without blanks around them, sent as `onduty-actor`: the history names it. */
  readonly actor?: string | undefined;
  /** The bearer token. Over plain text only to a loopback address. */
  readonly token?: Token | undefined;
  /** Absent: plain text. */
  readonly tls?: TlsOptions | undefined;
  /** Deadline of every unary call, 0.001-3,600 s. Default 5. */
  readonly callTimeout?: number | undefined;
  /** Calls that report facts fail at once where the server is not reached, instead of waiting for it within their deadline. */
  readonly factsFailFast?: boolean | undefined;
}

/** A stream's times with every default filled in and every bound checked. */
export interface SettledTimes {
  readonly bookmarkInterval: number;
  readonly trustLimit: number;
  readonly backoffInitial: number;
  readonly backoffMax: number;
}

/** Options with every default filled in and every bound checked. */
export interface Settings extends SettledTimes {
  readonly target: string;
  readonly tenant: string | undefined;
  readonly actor: string | undefined;
  readonly token: Token | undefined;
  readonly tls: TlsOptions | undefined;
  readonly callTimeout: number;
  readonly factsFailFast: boolean;
}

/** How many a page holds where all pages are read: the most that the server gives. */
export const LARGEST_PAGE = 1_000;

const HOUR = 3_600;
const STREAM_FIELDS = ["bookmarkInterval", "trustLimit", "backoffInitial", "backoffMax"];
const FIELDS = new Set(["target", "tenant", "actor", "token", "tls", "callTimeout", "factsFailFast", ...STREAM_FIELDS]);
const TLS_FIELDS = new Set(["caFile", "certFile", "keyFile", "serverName"]);

/** Fill in the defaults. Throws TypeError or RangeError for a field that is wrong, and for a field it does not know. */
export function settled(options: ConnectionOptions): Settings {
  refuseUnknown(options, FIELDS, "");
  const host = hostOf(options.target);
  checkTls(options.tls);
  checkToken(options.token, options.tls !== undefined || isLoopback(host));
  if (options.tenant !== undefined && !/^[\x20-\x7e]{1,128}$/.test(options.tenant)) {
    throw new TypeError("tenant must be 1-128 printable ASCII characters");
  }
  if (options.actor !== undefined && !/^[!-~](?:[ -~]{0,126}[!-~])?$/.test(options.actor)) {
    throw new TypeError("actor must be 1-128 printable ASCII characters without blanks around them");
  }
  const times = settledTimes(options, {
    bookmarkInterval: 5,
    trustLimit: 30,
    backoffInitial: 0.2,
    backoffMax: 10,
  });
  const callTimeout = within("callTimeout", options.callTimeout ?? 5, 0.001, HOUR);
  return {
    target: options.target,
    tenant: options.tenant,
    actor: options.actor,
    token: options.token,
    tls: options.tls,
    callTimeout,
    factsFailFast: options.factsFailFast ?? false,
    ...times,
  };
}

/** Put a stream's own times over the defaults given. Throws RangeError for one out of bounds. */
export function settledTimes(times: StreamTimes, defaults: SettledTimes): SettledTimes {
  const backoffInitial = within("backoffInitial", times.backoffInitial ?? defaults.backoffInitial, 0.001, HOUR);
  return {
    bookmarkInterval: within("bookmarkInterval", times.bookmarkInterval ?? defaults.bookmarkInterval, 1, 60),
    trustLimit: within("trustLimit", times.trustLimit ?? defaults.trustLimit, 0.001, 24 * HOUR),
    backoffInitial,
    backoffMax: within(
      "backoffMax",
      times.backoffMax ?? Math.max(defaults.backoffMax, backoffInitial),
      backoffInitial,
      HOUR,
    ),
  };
}

/** Give the value back if it is a number from low to high; throw RangeError otherwise. */
export function within(field: string, value: number, low: number, high: number): number {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw new RangeError(`${field} must be ${low}-${high} seconds, not ${String(value)}`);
}

function hostOf(target: string): string {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):([0-9]{1,5})$/.exec(target);
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535) throw new TypeError(`target must be host:port, not "${target}"`);
  return found[1] ?? found[2] ?? "";
}

/** Whether the host names this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function checkTls(tls: TlsOptions | undefined): void {
  if (tls === undefined) return;
  if (typeof tls !== "object") throw new TypeError("tls must be an object");
  refuseUnknown(tls, TLS_FIELDS, "tls.");
  for (const [field, value] of Object.entries(tls) as [string, unknown][]) {
    if (value !== undefined && (typeof value !== "string" || value === "")) {
      throw new TypeError(`tls.${field} must be a text that is not empty`);
    }
  }
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    throw new TypeError("tls.certFile and tls.keyFile belong together");
  }
}

function checkToken(token: Token | undefined, safe: boolean): void {
  if (token === undefined || typeof token === "function") {
    if (token !== undefined && !safe) throw new TypeError("a token needs tls, or a target on a loopback address");
    return;
  }
  if (!isBearerToken(token)) throw new TypeError("token must be visible ASCII characters without spaces");
  if (!safe) throw new TypeError("a token needs tls, or a target on a loopback address");
}

/** Whether the text can stand in an authorization header. */
export function isBearerToken(text: unknown): text is string {
  return typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
}

function refuseUnknown(options: object, known: ReadonlySet<string>, prefix: string): void {
  for (const field of Object.keys(options)) {
    if (!known.has(field)) throw new TypeError(`there is no option ${prefix}${field}`);
  }
}
