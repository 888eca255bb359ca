// A server that asks for credentials: a key becomes a cookie, a desk is its owner's only, and a revoked key ends it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { assertAccessible } from "./support/accessible.mjs";
import { launch, picture, skip } from "./support/browser.mjs";
import { program, Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };

describe("signing in", { skip, timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "onduty-keys-"));
  const file = join(folder, "keys.jsonl");
  let server, browser, ofAna, ofLead;

  const onduty = (...line) => execFileSync(program, line, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const made = (id, ...rest) =>
    onduty("keys", "new", "--file", file, "--tenant", "default", "--id", id, ...rest)
      .trim()
      .split(/\s+/)
      .pop();

  before(async () => {
    ofAna = made("desk-ana", "--role", "workspace", "--staff", "ana");
    ofLead = made("lead", "--role", "supervisor");
    server = await Server.start("--keys", file);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(page, path, key) {
    await page.goto(server.url + path);
    await page.fill("input[name=token]", key);
    await page.click("button[type=submit]");
  }

  test("a wrong key is refused in the service's words", async () => {
    const page = await browser.newPage();
    await signIn(page, "/desk", "onduty_wrong");
    await page.locator(".refusal").waitFor(WAIT);
    await picture(page, "sign-in");
    await assertAccessible(page);
    await page.close();
  });

  test("a workspace's key opens its owner's desk, in a cookie that scripts cannot read", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, "/desk", ofAna);
    await page.click("#become-available");
    await page.locator("h1.status-word", { hasText: "Available" }).waitFor(WAIT);
    const [cookie] = await context.cookies();
    assert.equal(cookie.name, "__Host-onduty");
    assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite], [true, true, "Strict"]);
    assert.equal(await page.evaluate(() => document.cookie), "");
    // The board is not for this role, and says so.
    await page.goto(`${server.url}/board`);
    await page.locator(".refusal", { hasText: "may not see" }).waitFor(WAIT);
    await context.close();
  });

  test("a supervisor's key opens board and team", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, "/team", ofLead);
    await page.locator("tbody tr").first().waitFor(WAIT);
    await page.goto(`${server.url}/board?offline=1`);
    await page.locator(".tile").first().waitFor(WAIT);
    await context.close();
  });

  test("a desk whose key is revoked asks for another", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, "/desk", ofAna);
    await page.locator(".fresh.live").waitFor(WAIT);
    onduty("keys", "revoke", "desk-ana", "--file", file);
    await page.locator("input[name=token]").waitFor(WAIT);
    await context.close();
  });
});
