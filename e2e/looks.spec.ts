/**
 * Every page as an operator sees it: light, dark and on a phone. It has no serious accessibility problem, does not
 * scroll sideways, and leaves a screenshot of each look for people: test-results/gallery. A page is opened once and
 * changes its look in place, as it does when the system turns dark.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/console.ts";
import { PAGES } from "./fixtures/pages.ts";

const FOLDER = path.resolve(import.meta.dirname, "../test-results/gallery");
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/** Colours that are on their way to the other scheme are given time to arrive; a long page alone takes some seconds to judge. */
const ARRIVAL = { timeout: 150_000 };

/** What axe finds serious or worse, as `rule: where`. */
async function seriousFindings(axe: AxeBuilder): Promise<string[]> {
  // Judged in its own document alone: no page here has frames, and gathering them takes a quarter of the time.
  const { violations } = await axe.setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary?.split("\n")[1]?.trim() ?? ""})`).join(", ")}`);
}

/** Turns the open page light or dark and waits until its colours have followed. */
async function turn(page: Page, scheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", scheme);
  // One that is cut short has ended too.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished)));
}

async function shoot(page: Page, name: string): Promise<void> {
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(sideways, { message: `${name} does not scroll sideways` }).toBeLessThanOrEqual(0);
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), fullPage: true });
}

test.describe.configure({ mode: "parallel", timeout: 480_000 });

for (const { name, path: address, ready } of PAGES) {
  test(name, async ({ page }) => {
    mkdirSync(FOLDER, { recursive: true });
    await page.setViewportSize(WIDE);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1, name: ready })).toBeVisible();
    await expect(page.locator("[data-skeleton]")).toHaveCount(0);

    await turn(page, "light");
    await expect.poll(() => seriousFindings(new AxeBuilder({ page }).withTags(STANDARDS)), ARRIVAL).toEqual([]);
    await shoot(page, `${name}-light`);

    await turn(page, "dark");
    // The same document in other colours: only what depends on colour can differ.
    await expect.poll(() => seriousFindings(new AxeBuilder({ page }).withRules(["color-contrast"])), ARRIVAL).toEqual([]);
    await shoot(page, `${name}-dark`);

    await page.setViewportSize(PHONE);
    await turn(page, "light");
    await shoot(page, `${name}-phone`);
  });
}
