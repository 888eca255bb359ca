// The avatar menu in a page of another site.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { launch, picture, skip } from "./support/browser.mjs";
import { Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };
const folder = new URL("../../../../examples/crm/", import.meta.url);

describe("embedded", { skip, timeout: 300_000 }, () => {
  let server, browser, site, origin;

  before(async () => {
    site = createServer((request, answer) => {
      const isStyle = request.url.endsWith(".css");
      const text = readFileSync(new URL(isStyle ? "crm.css" : "index.html", folder), "utf8");
      answer.setHeader("content-type", isStyle ? "text/css" : "text/html");
      answer.end(text.replaceAll("http://127.0.0.1:8080", server.url));
    });
    await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
    origin = `http://localhost:${site.address().port}`;
    server = await Server.start("--web-origins", origin);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await new Promise((resolve) => site.close(resolve));
  });

  test("a listed site shows the menu, and its staff change their status by it", async () => {
    const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
    await page.goto(origin);
    await page.click("#avatar");
    await picture(page, "embedded");
    await page.click('[data-id="status-available"]');
    await page.locator("#avatar .status-word", { hasText: "Available" }).waitFor(WAIT);
    const { connection } = await server.staff("ana");
    assert.equal(connection.workspaces.length, 1);
    await server.startCall("ana", "c-1");
    await page.locator("#avatar .status-word", { hasText: "In line" }).waitFor(WAIT);
    await page.close();
  });

  test("a site that is not listed gets nothing", async () => {
    const page = await browser.newPage();
    const refused = page.waitForEvent("requestfailed");
    await page.goto(origin.replace("localhost", "127.0.0.1"));
    assert.match((await refused).url(), /onduty-status\.js$/);
    assert.equal(await page.locator("#avatar").count(), 0);
    await page.close();
  });
});
