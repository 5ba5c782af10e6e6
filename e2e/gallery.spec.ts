/** A screenshot of every page in three looks, for people to look at: test-results/gallery. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "./fixtures/console.ts";
import { PAGES } from "./fixtures/pages.ts";

const FOLDER = path.resolve(import.meta.dirname, "../test-results/gallery");
const LOOKS = [
  { look: "light", scheme: "light", viewport: { width: 1440, height: 900 } },
  { look: "dark", scheme: "dark", viewport: { width: 1440, height: 900 } },
  { look: "phone", scheme: "light", viewport: { width: 390, height: 844 } },
] as const;

for (const { look, scheme, viewport } of LOOKS) {
  test(`every page in ${look}`, async ({ page }) => {
    test.setTimeout(120_000);
    mkdirSync(FOLDER, { recursive: true });
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const { name, path: address, ready } of PAGES) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1, name: ready })).toBeVisible();
      await expect(page.locator("[data-skeleton]")).toHaveCount(0);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${name} does not scroll sideways`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: path.join(FOLDER, `${name}-${look}.png`), fullPage: true });
    }
  });
}
