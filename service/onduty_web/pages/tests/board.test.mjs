// The board in a real browser: it agrees with the desks, and cannot be taken for live when it is not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { assertAccessible } from "./support/accessible.mjs";
import { launch, picture, skip } from "./support/browser.mjs";
import { Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };
const NAMES = [
  "Mia Weber",
  "Liu Chen",
  "Omar Haddad",
  "Sara Silva",
  "Jonas Berg",
  "Yuki Tanaka",
  "Priya Nair",
  "Tom Baker",
];
NAMES.push(
  "Elena Rossi",
  "Noah Kim",
  "Zoe Martin",
  "Ivan Petrov",
  "Aisha Bello",
  "Lena Vogel",
  "Hugo Dias",
  "Maya Levy",
);

/** Others in a group of their own, in all statuses. */
async function crowd(server) {
  for (const [place, displayName] of NAMES.entries()) {
    const staffId = `crowd-${place}`;
    await server.call("AdminService/CreateStaff", { staffId, displayName, skillGroups: [{ name: "service" }] });
    const status = ["AVAILABLE", "BUSY", "AVAILABLE", "ON_BREAK"][place % 4];
    await server.choose(staffId, status, status === "ON_BREAK" ? "meeting" : "");
    if (place % 4 !== 2) continue;
    await server.startCall(staffId, `call-${place}`);
    if (place % 8 === 2) await server.endCall(staffId, `call-${place}`);
  }
}

describe("board", { skip, timeout: 300_000 }, () => {
  let server, browser, page;

  before(async () => {
    server = await Server.start();
    browser = await launch();
    await server.choose("ana", "AVAILABLE");
    await server.choose("ben", "ON_BREAK", "lunch");
    await crowd(server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function open(query = "", options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, ...options });
    page = await context.newPage();
    await page.goto(`${server.url}/board${query}`);
    await page.locator(".tile").first().waitFor(WAIT);
    return page;
  }
  const tile = (staffId, word) => page.locator(`[data-staff="${staffId}"]`, { hasText: word });
  const count = (status, number) =>
    page.locator(`[data-status="${status}"]`, { hasText: new RegExp(`^\\s*${number}\\b`) });

  test("it agrees with two desks, by tile and by count", async () => {
    await open();
    await tile("ana", "Available").waitFor(WAIT);
    await tile("ben", "On break: Lunch").waitFor(WAIT);
    await count("available", 5).waitFor(WAIT);
    const desks = [];
    for (const staffId of ["ana", "chi"]) {
      const desk = await page.context().newPage();
      await desk.goto(`${server.url}/desk?staff=${staffId}`);
      await desk.locator("#avatar").waitFor(WAIT);
      desks.push(desk);
    }
    await desks[1].click("#become-available");
    await count("available", 6).waitFor(WAIT);
    await desks[0].click("#avatar");
    await desks[0].click('[data-id="status-busy"]');
    await tile("ana", "Busy").waitFor(WAIT);
    await count("busy", 5).waitFor(WAIT);
    await server.startCall("chi", "c-1");
    await tile("chi", "In line").waitFor(WAIT);
    await desks[1].locator("h1", { hasText: "In line" }).waitFor(WAIT);
    await server.endCall("chi", "c-1");
    await tile("chi", "After-call work").waitFor(WAIT);
    await server.call("WorkspaceService/BackToReception", { staffId: "chi" });
  });

  test("groups and offline staff are chosen in the address", async () => {
    await open("?group=loans&offline=1");
    await tile("dov", "Offline").waitFor(WAIT);
    assert.equal(await page.locator('[data-staff="ben"]').count(), 0);
    await page.selectOption("select[name=group]", "cards");
    await tile("ben", "On break").waitFor(WAIT);
    assert.match(page.url(), /group=cards/);
  });

  test("who is over the limit stands out by more than a colour", async () => {
    await server.startCall("eva", "c-2");
    await open("?call=1");
    await page.locator('[data-staff="eva"].over .flag').waitFor(WAIT);
    await server.endCall("eva", "c-2");
  });

  test("a paused board says so, and goes on afterwards", async () => {
    await open();
    await page.click("#pause");
    await page.locator(".paused").waitFor(WAIT);
    await server.choose("ben", "BUSY");
    await page.click("#pause");
    await tile("ben", "Busy").waitFor(WAIT);
  });

  test("a frozen server makes it stale within three intervals, and it comes back", async () => {
    await open();
    server.child.kill("SIGSTOP");
    try {
      await page.locator("main.old .banner", { hasText: "Not live" }).waitFor(WAIT);
      await page.locator(".fresh.stale").waitFor(WAIT);
      assert.match(await page.locator(".banner").textContent(), /\d:\d\d old/);
      await picture(page, "board-stale");
    } finally {
      server.child.kill("SIGCONT");
    }
    await page.locator(".fresh.live").waitFor(WAIT);
    assert.equal(await page.locator(".banner").count(), 0);
  });

  test("a server that is killed is told, and found again after its restart", async () => {
    await open();
    await server.end("SIGKILL");
    await page.locator(".fresh.reconnecting, .fresh.stale").waitFor(WAIT);
    await server.begin();
    await page.locator(".fresh.live").waitFor(WAIT);
    await server.choose("ben", "AVAILABLE");
    await tile("ben", "Available").waitFor(WAIT);
  });

  for (const colorScheme of ["light", "dark"])
    test(`nothing bars anybody from it (${colorScheme})`, async () => {
      await open("?offline=1", { colorScheme });
      await page.locator(".fresh.live").waitFor(WAIT);
      await picture(page, `board-${colorScheme}`);
      await assertAccessible(page);
    });

  test("it fits a narrow window", async () => {
    await open("", { viewport: { width: 320, height: 700 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `it is ${width} px wide`);
  });
});
