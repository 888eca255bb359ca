// Chromium for a test; where there is none the tests are skipped by name, but not in continuous integration.
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const names = ["chromium", "chromium-browser", "google-chrome"];
const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** The browser's program, or undefined. */
export const program = [process.env.CHROMIUM ?? "", ...places].find((path) => path !== "" && existsSync(path));

/** The reason to skip; false: there is none. */
export const skip = program === undefined && !process.env.CI ? "Chromium is not installed" : false;

export async function launch() {
  if (program === undefined) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath: program, args: ARGUMENTS });
}

/** Keep a picture of a page, where the folder of pictures is named. */
export async function picture(page, name) {
  const folder = process.env.PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
