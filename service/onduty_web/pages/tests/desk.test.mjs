// The desk in a real browser: the table of statuses by mouse and by keyboard, offers, tabs, breaks of the connection.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { assertAccessible } from "./support/accessible.mjs";
import { launch, picture, skip } from "./support/browser.mjs";
import { Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };

/** A desk that is open. */
class Desk {
  constructor(page) {
    this.page = page;
  }

  static async open(context, server, staffId, query = "") {
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text());
    });
    await page.goto(`${server.url}/desk?staff=${staffId}${query}`);
    const desk = new Desk(page);
    desk.faults = faults;
    await page.locator("#avatar").waitFor(WAIT);
    await desk.fresh("Live");
    return desk;
  }

  async says(word) {
    await this.page.locator("h1.status-word", { hasText: word }).waitFor(WAIT);
  }

  async fresh(word) {
    await this.page.locator(".fresh", { hasText: word }).waitFor(WAIT);
  }

  item(id) {
    return this.page.locator(`[data-id="${id}"]`);
  }

  async choose(id) {
    await this.page.click("#avatar");
    await this.item(id).click();
  }

  /** What the menu does not allow, with the reasons that it shows. */
  async barred() {
    await this.page.click("#avatar");
    const items = await this.page.locator('.item[aria-disabled="true"]').all();
    const found = {};
    for (const item of items) found[await item.getAttribute("data-id")] = await item.locator(".hint").textContent();
    await this.page.keyboard.press("Escape");
    return found;
  }
}

describe("desk", { skip, timeout: 300_000 }, () => {
  let server, browser, context;

  before(async () => {
    server = await Server.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  async function fresh(options = {}) {
    await context?.close();
    context = await browser.newContext({ viewport: { width: 1180, height: 800 }, ...options });
    return context;
  }

  test("a sample staff member signs in by mouse and walks the table", async () => {
    await fresh();
    const page = await context.newPage();
    await page.goto(server.url);
    await picture(page, "desk-who");
    await page.click('button[data-staff="ana"]');
    const desk = new Desk(page);
    await desk.says("Offline");
    await page.click("#become-available");
    await desk.says("Available");
    assert.deepEqual(Object.keys(await desk.barred()), ["system-in_line", "system-after_call_work"]);
    await desk.choose("status-busy");
    await desk.says("Busy");
    await desk.choose("status-on_break-lunch");
    await desk.says("On break: Lunch");
    await desk.choose("status-available");
    await server.startCall("ana", "c-1");
    await desk.says("In line");
    const barred = await desk.barred();
    for (const id of ["status-available", "status-busy", "status-on_break-lunch", "status-offline"])
      assert.match(barred[id], /Not possible in a call/);
    assert.match(await page.locator("#dial-why").textContent(), /not possible now: In line/);
    await desk.choose("next-busy");
    await page.locator(".next", { hasText: "Afterwards: Busy" }).waitFor(WAIT);
    await page.click(".next button");
    await page.locator(".next").waitFor({ state: "detached", ...WAIT });
    await server.endCall("ana", "c-1");
    await desk.says("After-call work");
    assert.match(await page.locator("#countdown").textContent(), /0:\d\d left/);
    await picture(page, "desk-acw");
    await page.click("#continue");
    await page.locator("#continue[aria-disabled=true]").waitFor(WAIT);
    await page.click("#reception");
    await desk.says("Available");
    await desk.choose("status-offline");
    await desk.says("Offline");
  });

  test("the menu is walked by keyboard alone", async () => {
    await fresh();
    const desk = await Desk.open(context, server, "ben");
    const { keyboard } = desk.page;
    const focused = () =>
      desk.page.evaluate(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        return active?.getAttribute("data-id") ?? active?.id ?? "";
      });
    await desk.page.locator("#avatar").focus();
    await keyboard.press("Enter");
    await desk.page.waitForFunction(() => document.querySelector("onduty-desk") !== null);
    await keyboard.press("Home");
    assert.equal(await focused(), "status-available");
    await keyboard.press("End");
    assert.equal(await focused(), "system-after_call_work");
    await keyboard.press("Enter"); // barred: nothing happens, and the menu stays.
    assert.equal(await focused(), "system-after_call_work");
    await keyboard.type("b");
    assert.equal(await focused(), "status-busy");
    await keyboard.press("Enter");
    await desk.says("Busy");
    assert.equal(await focused(), "avatar");
    await keyboard.press("ArrowUp");
    await keyboard.press("Escape");
    assert.equal(await focused(), "avatar");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await desk.says("Available");
    await server.startCall("ben", "c-2");
    await desk.says("In line");
    await server.endCall("ben", "c-2");
    await desk.says("After-call work");
    await keyboard.press("ArrowDown");
    assert.equal(await focused(), "reception");
    await keyboard.press("ArrowDown");
    assert.equal(await focused(), "continue");
    await keyboard.press("Enter");
    await desk.page.locator("#continue[aria-disabled=true]").waitFor(WAIT);
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await desk.says("Available");
    await keyboard.press("ArrowDown");
    for (const down of ["status-busy", "status-on_break-lunch"]) {
      await keyboard.press("ArrowDown");
      assert.equal(await focused(), down);
    }
    await keyboard.press(" ");
    await desk.says("On break: Lunch");
    await keyboard.press("ArrowDown");
    await desk.item("status-available").and(desk.page.locator(":focus")).waitFor(WAIT);
    await keyboard.type("off");
    assert.equal(await focused(), "status-offline");
    await keyboard.press("Enter");
    await desk.says("Offline");
  });

  test("an offer that one tab takes disappears in the other, which shares its attachment", async () => {
    await fresh();
    await server.choose("chi", "AVAILABLE");
    const first = await Desk.open(context, server, "chi");
    const second = await Desk.open(context, server, "chi");
    assert.equal((await server.staff("chi")).connection.workspaces.length, 1);
    await server.claim("chi", "c-3");
    await first.page.locator("#accept").waitFor(WAIT);
    await second.page.locator("#accept").waitFor(WAIT);
    await first.page.waitForFunction(() => document.title.startsWith("☎"));
    await picture(second.page, "desk-offer");
    await second.page.click("#accept");
    await first.page.locator("#accept").waitFor({ state: "detached", ...WAIT });
    await first.says("In line");
    // The tab that held the stream goes; the other takes over within the grace.
    await first.page.close();
    await server.endCall("chi", "c-3");
    await second.says("After-call work");
    assert.equal((await server.staff("chi")).connection.workspaces.length, 1);
  });

  test("a closed desk starts the grace, and one that comes back ends it", async () => {
    await fresh();
    const desk = await Desk.open(context, server, "dov");
    await desk.choose("status-available");
    await desk.says("Available");
    await desk.page.close();
    for (;;) if ((await server.staff("dov")).connection?.offlineAt) break;
    await Desk.open(context, server, "dov");
    assert.equal((await server.staff("dov")).connection.offlineAt, undefined);
  });

  test("a refusal is told in the service's words", async () => {
    await fresh();
    await server.choose("eva", "AVAILABLE");
    const desk = await Desk.open(context, server, "eva");
    await desk.page.route("**/onduty.v1.WorkspaceService/ChangeStatus", async (route) => {
      await server.startCall("eva", "c-4"); // the call comes between the click and the request.
      await route.continue();
    });
    await desk.choose("status-busy");
    const toast = desk.page.locator("p.refusal");
    await toast.waitFor(WAIT);
    assert.match(await toast.textContent(), /IN_LINE: CHANGE_TO_BUSY is refused/);
    await picture(desk.page, "desk-refusal");
    await server.endCall("eva", "c-4");
  });

  test("a network that is cut is told, and what happened meanwhile is there when it comes back", async () => {
    await fresh();
    const desk = await Desk.open(context, server, "dov");
    await context.setOffline(true);
    await desk.fresh("Reconnecting");
    await server.choose("dov", "BUSY");
    await context.setOffline(false);
    await desk.fresh("Live");
    await desk.says("Busy");
  });

  test("a server that is killed is told at once, and comes back by itself", async () => {
    await fresh();
    const desk = await Desk.open(context, server, "eva");
    await server.end("SIGKILL");
    await desk.fresh("Reconnecting");
    await desk.page.locator(".notice", { hasText: "No connection" }).waitFor(WAIT);
    await picture(desk.page, "desk-reconnecting");
    await server.begin();
    await desk.fresh("Live");
    await desk.choose("status-available");
    await desk.says("Available");
  });

  for (const colorScheme of ["light", "dark"])
    test(`nothing bars anybody from it (${colorScheme})`, async () => {
      await fresh({ colorScheme });
      await server.choose("ana", "AVAILABLE");
      const desk = await Desk.open(context, server, "ana");
      await assertAccessible(desk.page);
      await desk.page.click("#avatar");
      await picture(desk.page, `desk-menu-${colorScheme}`);
      await assertAccessible(desk.page);
      await desk.page.keyboard.press("Escape");
      await server.startCall("ana", `c-${colorScheme}`);
      await desk.says("In line");
      await assertAccessible(desk.page);
      await server.endCall("ana", `c-${colorScheme}`);
      await desk.says("After-call work");
      await assertAccessible(desk.page);
      assert.deepEqual(desk.faults, []);
      await server.call("WorkspaceService/BackToReception", { staffId: "ana" });
    });

  test("it fits a narrow window", async () => {
    await fresh({ viewport: { width: 320, height: 700 } });
    const desk = await Desk.open(context, server, "ana");
    const width = await desk.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `it is ${width} px wide`);
    await picture(desk.page, "desk-narrow");
  });
});
