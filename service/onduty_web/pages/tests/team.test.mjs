// The supervisor's table in a real browser.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { assertAccessible } from "./support/accessible.mjs";
import { launch, picture, skip } from "./support/browser.mjs";
import { Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };

describe("team", { skip, timeout: 300_000 }, () => {
  let server, browser, page;

  before(async () => {
    server = await Server.start();
    browser = await launch();
    await server.choose("ana", "AVAILABLE");
    await server.choose("ben", "AVAILABLE");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function open(options = {}) {
    const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...options });
    page = await context.newPage();
    await page.goto(`${server.url}/team`);
    await page.locator("tbody tr").first().waitFor(WAIT);
    return page;
  }
  const row = (staffId, word) => page.locator(`tr[data-staff="${staffId}"]`, { hasText: word });
  const pick = (staffId) => page.locator(`tr[data-staff="${staffId}"] input`).check();
  const names = () => page.locator("tbody tr").evaluateAll((rows) => rows.map((one) => one.getAttribute("data-staff")));

  test("several are given a status with a note, which the history has", async () => {
    await open();
    await pick("ana");
    await pick("ben");
    await page.click("#set-status");
    await page.locator("dialog[open] select").selectOption({ label: "On break: Meeting" });
    await picture(page, "team-status");
    await page.fill("dialog[open] textarea", "team meeting");
    await page.click("#apply");
    await row("ana", "On break: Meeting").waitFor(WAIT);
    await row("ben", "On break: Meeting").waitFor(WAIT);
    await page.locator('tr[data-staff="ana"] .small').click();
    await page.locator("dialog[open] li", { hasText: "team meeting" }).first().waitFor(WAIT);
    await page.locator("dialog[open] rect.available").waitFor(WAIT);
    await picture(page, "team-history");
    await assertAccessible(page);
  });

  test("a refusal is told by name, in the service's words", async () => {
    await open();
    await page.route("**/onduty.v1.SupervisorService/BatchForceStatus", async (route) => {
      await server.call("WorkspaceService/ChangeStatus", { staffId: "dov", choice: { status: "STATUS_OFFLINE" } });
      await server.call("AdminService/DeleteStaff", { staffId: "dov" });
      await route.continue();
    });
    await pick("dov");
    await page.click("#set-status");
    await page.fill("dialog[open] textarea", "covering");
    await page.click("#apply");
    const refusal = page.locator("p.refusal");
    await refusal.waitFor(WAIT);
    assert.match(await refusal.textContent(), /dov/);
  });

  test("a reset clears a call", async () => {
    await server.startCall("chi", "c-1");
    await open();
    await row("chi", "In line").waitFor(WAIT);
    await pick("chi");
    await page.click("#reset");
    await row("chi", "Offline").waitFor(WAIT);
  });

  test("it is sorted and searched", async () => {
    await open();
    await page.locator("thead button", { hasText: "Name" }).click();
    const down = await names();
    assert.deepEqual(down, [...down].sort().reverse());
    await page.fill("#search", "lindq");
    assert.deepEqual(await names(), ["eva"]);
  });

  for (const colorScheme of ["light", "dark"])
    test(`nothing bars anybody from it (${colorScheme})`, async () => {
      await open({ colorScheme });
      await page.locator(".fresh.live").waitFor(WAIT);
      await picture(page, `team-${colorScheme}`);
      await assertAccessible(page);
      await pick("ana");
      await page.click("#set-status");
      await assertAccessible(page);
    });

  test("it fits a narrow window", async () => {
    await open({ viewport: { width: 320, height: 700 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `it is ${width} px wide`);
    await picture(page, "team-narrow");
  });
});
