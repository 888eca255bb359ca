import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";

import { Connection } from "../src/index.js";

const TARGET = "127.0.0.1:50051";

async function refuses(options: object, expected: typeof TypeError | typeof RangeError): Promise<void> {
  const make = (): Connection => new Connection({ target: TARGET, ...options });
  assert.throws(make, expected, JSON.stringify(options));
  await Promise.resolve();
}

async function accepts(options: object): Promise<Connection["settings"]> {
  const connection = new Connection({ target: TARGET, ...options });
  await connection.close();
  return connection.settings;
}

test("the defaults are those of the contract", async () => {
  const settings = await accepts({});
  const { callTimeout, bookmarkInterval, trustLimit, backoffInitial, backoffMax } = settings;
  assert.deepEqual([callTimeout, bookmarkInterval, trustLimit, backoffInitial, backoffMax], [5, 5, 30, 0.2, 10]);
});

test("a time out of its bounds is a RangeError", async () => {
  for (const options of [
    { callTimeout: 0 },
    { callTimeout: Number.NaN },
    { callTimeout: "5" },
    { bookmarkInterval: 0.9 },
    { bookmarkInterval: 61 },
    { trustLimit: -1 },
    { backoffInitial: 0 },
    { backoffInitial: 2, backoffMax: 1 },
  ]) {
    await refuses(options, RangeError);
  }
});

test("a target is host:port", async () => {
  for (const target of [
    "",
    "localhost",
    "localhost:0",
    "localhost:65536",
    "http://localhost:1",
    "a b:1",
    ":1",
    "::1:5",
  ]) {
    await refuses({ target }, TypeError);
  }
  for (const target of ["localhost:1", "[::1]:50051", "onduty.example:443"]) await accepts({ target });
});

test("an option that there is not is refused", async () => {
  await refuses({ call_timeout: 5 }, TypeError);
  await refuses({ tls: { ca: "x" } }, TypeError);
});

test("a token over plain text is refused unless the target is a loopback address", async () => {
  await refuses({ target: "onduty.example:443", token: "secret" }, TypeError);
  await refuses({ target: "onduty.example:443", token: () => "secret" }, TypeError);
  for (const target of ["127.0.0.1:1", "127.8.9.1:1", "localhost:1", "[::1]:1"])
    await accepts({ target, token: "secret" });
  await accepts({ target: "onduty.example:443", token: "secret", tls: {} });
});

test("printing a connection does not print its token", async () => {
  const connection = new Connection({ target: TARGET, token: "secret" });
  assert.doesNotMatch(inspect(connection, { depth: 9 }), /secret/);
  await connection.close();
});

test("a token that cannot stand in a header is refused", async () => {
  for (const token of ["", "two words", "line\nbreak"]) await refuses({ token }, TypeError);
});

test("TLS options that are wrong are refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "onduty-tls-"));
  const noPem = join(folder, "no.pem");
  const badPem = join(folder, "bad.pem");
  writeFileSync(noPem, "not a certificate");
  writeFileSync(badPem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  for (const tls of [
    { caFile: join(folder, "missing.pem") },
    { caFile: noPem },
    { certFile: badPem },
    { keyFile: badPem },
    { certFile: badPem, keyFile: badPem },
    { serverName: "" },
    true,
  ]) {
    await refuses({ tls }, TypeError);
  }
});

test("an actor that cannot stand in a header is refused", async () => {
  for (const actor of ["", " ", "a\nb", "caf\u00e9", "a".repeat(129)]) await refuses({ actor }, TypeError);
});

test("a tenant that cannot stand in a header is refused", async () => {
  for (const tenant of ["", "caf\u00e9", "a".repeat(129)]) await refuses({ tenant }, TypeError);
});
