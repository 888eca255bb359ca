// Holds a page to the rules of axe for WCAG 2.2 A and AA.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function assertAccessible(page) {
  // By the debugger: the page's own policy lets no foreign script in.
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    // A colour on its way from one to another has the contrast of neither.
    const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(passing.map((one) => one.finished));
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join("; ")}`,
    );
  });
  assert.deepEqual(violations, []);
}
