/** What a first page costs a browser: scripts on the wire, what the first HTML holds, what is asked for ahead, and that nothing jumps. */
import type { Page } from "@playwright/test";
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

/** The document as it arrives, before any script. */
const firstHtml = async (page: Page, path: string): Promise<string> => (await page.request.get(path)).text();

const count = (text: string, part: string): number => text.split(part).length - 1;

test("the first HTML of the list holds its rows, and its facts once", async ({ page }) => {
  const html = await firstHtml(page, "/services");
  expect(html).toMatch(/<tr[^>]*>.*?<a [^>]*href="\/services\/[^"]+"[^>]*>Seaworthy<\/a>.*?<\/tr>/s);
  expect(count(html, String.raw`\"queryHash\":\"[[\\\"services\\\",\\\"list\\\"]`), "handed on by the page, not by its frame too").toBe(1);
});

test("a service's page asks for the code of its chart at once", async ({ page }) => {
  const charts = async (): Promise<string[]> => {
    const html = await firstHtml(page, "/services/seaworthy");
    const early = [...html.matchAll(/<link rel="preload"[^>]* href="([^"]+\.js)"/g)].map((match) => match[1] ?? "");
    const code = await Promise.all(early.map(async (href) => (await page.request.get(href)).text()));
    return early.filter((_, index) => code[index]?.includes("recharts-surface"));
  };
  // There is a chart from the first answer of the service's check on.
  await expect.poll(async () => (await charts()).length, { timeout: 60_000 }).toBe(1);
});

test("links are followed ahead when they are pointed at, not because they are in view", async ({ page }) => {
  const ahead: string[] = [];
  page.on("request", (request) => void (request.url().includes("_rsc=") && ahead.push(new URL(request.url()).pathname)));
  await page.goto("/services");
  await expect(page.getByRole("button", { name: /^Live/ })).toBeVisible();
  expect(ahead).toEqual([]);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Backups" }).hover();
  // Links in view would have been followed before: the first thing asked for ahead is what was pointed at, and the only one.
  await expect.poll(() => [...new Set(ahead)]).toEqual(["/backups"]);
});

test("what streams in is shown with the next frame: React is told of no first paint to wait for", async ({ page }) => {
  await page.goto("/services");
  expect(await page.evaluate(() => Object.getOwnPropertyDescriptor(window, "$RT")?.get !== undefined && "$RT" in window)).toBe(true);
  expect(await firstHtml(page, "/services"), "React still asks for it").toContain("typeof $RT?requestAnimationFrame");
});

test("opening the sign-in page uses up none of the calls that an address has, nor does its knock at the next page", async ({ stranger }) => {
  const page = await stranger();
  const left = async (): Promise<number> => Number((await page.request.get("/api/v1/access/setup")).headers()["ratelimit-remaining"]);
  const before = await left();
  const knock = page.waitForResponse((answer) => answer.request().method() === "HEAD" && new URL(answer.url()).pathname === "/services");
  await page.goto("/sign-in?callbackUrl=%2Fservices");
  expect((await knock).status()).toBe(307);
  // At most: calls of the window before count less with every second.
  expect(before - (await left()), "this question itself").toBeLessThanOrEqual(1);
});
