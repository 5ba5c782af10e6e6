/** What the first page costs a browser: the scripts that are on the wire when it has loaded, and that nothing jumps. */
import { expect, test } from "./fixtures/console.ts";

/** Compressed, as they travel. */
const SCRIPTS_MAX_KB = 280;
/** Below what people notice; the usual bound for "good" is 0.1. */
const SHIFT_MAX = 0.02;

test("the overview loads at most 280 KB of scripts, and later cards come without a jump", async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) if (!entry.hadRecentInput) seen.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  client.on("Network.responseReceived", ({ type, requestId }) => void (type === "Script" && scripts.add(requestId)));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => void (scripts.has(requestId) && (bytes += encodedDataLength)));
  // The first load ends with the load event; going to a page waits longer, until it listens, and later cards come meanwhile.
  let first = 0;
  await client.send("Page.enable");
  client.once("Page.loadEventFired", () => (first = bytes));
  await page.goto("/", { waitUntil: "load" });
  await expect.poll(() => first, { message: "scripts were counted" }).toBeGreaterThan(0);
  expect(first / 1_024, "KB of scripts").toBeLessThanOrEqual(SCRIPTS_MAX_KB);
  await expect(page.getByRole("link", { name: /plans? ›$/i })).toBeVisible();
  const shift = await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
  expect(shift).toBeLessThanOrEqual(SHIFT_MAX);
});
