/** Headless Chromium for benches: signs in as an operator does and reads what the browser itself measures. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "@playwright/test";
import { BENCH_ADMIN } from "./product.ts";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((file) => file && existsSync(file));

/** Opens Chromium. Close it when done. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
}

/** Fills the sign-in form and submits it; resolves when the console's frame is there. */
export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Email").fill(BENCH_ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(BENCH_ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation").first().waitFor();
}

export type PageLoad = { lcpMs: number; layoutShift: number; scriptKb: number; consoleErrors: number };

/** Loads an address in a fresh page of the same session and reads paint, shift, script bytes on the wire and errors. */
export async function measureLoad(page: Page, url: string): Promise<PageLoad> {
  let consoleErrors = 0;
  page.on("console", (message) => void (message.type() === "error" && consoleErrors++));
  page.on("pageerror", () => void consoleErrors++);
  await page.addInitScript(() => {
    const seen = { lcp: 0, shift: 0 };
    Object.assign(window, { benchSeen: seen });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen.lcp = entry.startTime))).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => {
        const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!shift.hadRecentInput) seen.shift += shift.value;
      }),
    ).observe({ type: "layout-shift", buffered: true });
  });
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  client.on("Network.responseReceived", (event) => void (event.type === "Script" && scripts.add(event.requestId)));
  client.on("Network.loadingFinished", (event) => void (scripts.has(event.requestId) && (bytes += event.encodedDataLength)));
  await page.goto(url, { waitUntil: "load" });
  const firstLoadBytes = bytes;
  await page.waitForTimeout(2_000);
  const seen = await page.evaluate(() => (window as unknown as { benchSeen: { lcp: number; shift: number } }).benchSeen);
  return { lcpMs: seen.lcp, layoutShift: seen.shift, scriptKb: firstLoadBytes / 1024, consoleErrors };
}
