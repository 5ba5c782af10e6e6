/** Every page, in light and dark, has no serious accessibility problem. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures/console.ts";
import { PAGES } from "./fixtures/pages.ts";

for (const { name, path, ready } of PAGES) {
  for (const scheme of ["light", "dark"] as const) {
    test(`${name} in ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name: ready })).toBeVisible();
      await expect(page.locator("[data-skeleton]")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze();
      const serious = violations.filter((violation) => violation.impact === "serious" || violation.impact === "critical");
      expect(serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
    });
  }
}
