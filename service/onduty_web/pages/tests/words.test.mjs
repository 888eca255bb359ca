// The pages in every language: nothing is left out, and nothing breaks by longer words.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, picture, skip } from "./support/browser.mjs";
import { Server } from "./support/server.mjs";

const WAIT = { timeout: 60_000 };
const WORDS = { en: "Available", "zh-Hans": "空闲", es: "Disponible", pt: "Disponível", de: "Verfügbar" };

describe("languages", { skip, timeout: 300_000 }, () => {
  let server, browser;

  before(async () => {
    server = await Server.start();
    browser = await launch();
    await server.choose("ana", "AVAILABLE");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const [language, word] of Object.entries(WORDS))
    test(`the desk and the board speak ${language}`, async () => {
      const context = await browser.newContext({ locale: language, viewport: { width: 1000, height: 700 } });
      const page = await context.newPage();
      await page.goto(`${server.url}/desk?staff=ana`);
      await page.locator("h1.status-word", { hasText: word }).waitFor(WAIT);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      await page.click("#avatar");
      await picture(page, `desk-${language}`);
      await page.goto(`${server.url}/board`);
      await page.locator('[data-status="available"]', { hasText: word }).waitFor(WAIT);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 1000, `it is ${width} px wide`);
      await context.close();
    });

  test("the address chooses the language before the browser's", async () => {
    const page = await browser.newPage({ locale: "es" });
    await page.goto(`${server.url}/desk?staff=ana&lang=de`);
    await page.locator("h1.status-word", { hasText: "Verfügbar" }).waitFor(WAIT);
    await page.close();
  });
});
