/**
 * The console's database freezes, then dies, while an operator looks: the pages stand still with the last known facts,
 * say so, refuse changes, and are live again by themselves. Runs last, because everything else needs the database.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/console.ts";
import { BASE_URL, productFacts } from "./fixtures/product.ts";

/** Four missing signs of life make an outage, recovery is noticed within one; an open page that missed the news asks after a while. */
const NOTICED = { timeout: 90_000 };

const BANNER = /Database is away; last known facts from \d\d:\d\d:\d\d/;

/** The server process of the embedded database, as it records itself. */
function postmaster(): number {
  return Number(readFileSync(path.join(productFacts().dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((candidate) => {
    try {
      return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${candidate}/status`, "utf8"))?.[1]) === pid;
    } catch {
      return false; // It ended while we looked.
    }
  });
}

/** Sends a signal to the server and every process it made. */
function signalAll(signal: NodeJS.Signals): void {
  const pid = postmaster();
  for (const one of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(one, signal);
    } catch {
      // Ended meanwhile.
    }
  }
}

/** The product's supervisor would start the database again at once; it is held for as long as the outage lasts. */
function supervisor(): number {
  const facts = JSON.parse(readFileSync(path.join(productFacts().dataDir, "running.json"), "utf8")) as { pid: number };
  return facts.pid;
}

async function isGreen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const main = document.querySelector("main");
    const ok = getComputedStyle(document.documentElement).getPropertyValue("--sw-ok").trim();
    return main !== null && getComputedStyle(main).getPropertyValue("--sw-ok").trim() === ok;
  });
}

async function expectStale(page: Page): Promise<void> {
  for (const [address, heading] of [["/", "Overview"], ["/services", "Services"]] as const) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.getByText(BANNER)).toBeVisible(NOTICED);
    await expect(page.getByText("We cannot say how things stand now.")).toBeVisible();
    await expect(page.getByText("Seaworthy", { exact: true }).first()).toBeVisible();
    await expect(page.getByText(/Stale, from \d\d:\d\d:\d\d/).first()).toBeVisible();
    await expect(page.getByText("Not live")).toBeVisible();
    await expect.poll(() => isGreen(page), "nothing stale is green").toBe(false);
  }
}

async function expectLive(page: Page): Promise<void> {
  // By itself: nobody reloads. A page that was just opened may not have heard of the outage yet, but it is not live either.
  await expect(page.getByRole("button", { name: /^Live/ })).toBeVisible(NOTICED);
  await expect(page.getByText(BANNER)).toHaveCount(0, NOTICED);
  await expect.poll(() => isGreen(page)).toBe(true);
}

async function seeEverything(page: Page): Promise<void> {
  for (const address of ["/services", "/"]) {
    await page.goto(address);
    await expect(page.getByText("Seaworthy", { exact: true }).first()).toBeVisible();
    // What was never answered cannot be a last known fact.
    await expect(page.locator("[data-skeleton]")).toHaveCount(0);
  }
}

test("a frozen database: pages stand still and say so, and move again by themselves", async ({ page, stranger }) => {
  await seeEverything(page);
  signalAll("SIGSTOP");
  try {
    // The open page notices without a reload.
    await expect(page.getByText(BANNER)).toBeVisible(NOTICED);
    await expectStale(page);
    await page.goto("/");
    await expect(page.getByText(BANNER)).toBeVisible(NOTICED);
    await page.screenshot({ path: "test-results/gallery/overview-stale.png", fullPage: true });

    const change = await page.request.patch(`${BASE_URL}/api/v1/settings`, { data: { revision: 0, values: {} }, headers: { origin: BASE_URL } });
    expect(change.status(), "changes are refused at once").toBe(503);
    expect(await change.text()).toContain("Nothing was changed");

    const elsewhere = await stranger();
    await elsewhere.goto("/sign-in");
    await expect(elsewhere.getByRole("heading", { name: /database is away/ })).toBeVisible();
    expect((await elsewhere.request.get(`${BASE_URL}/health/live`)).status()).toBe(200);

    signalAll("SIGCONT");
    await expect(elsewhere.getByRole("heading", { name: /sign in/i }).first(), "the sign-in form comes back by itself").toBeVisible(NOTICED);
  } finally {
    signalAll("SIGCONT");
  }
  await expectLive(page);
});

test("a database that shuts down and is started again: the same", async ({ page }) => {
  await seeEverything(page);
  const held = supervisor();
  process.kill(held, "SIGSTOP");
  try {
    const pid = postmaster();
    // SIGTERM lets those who are connected stay and refuses everybody else; SIGINT then ends it.
    process.kill(pid, "SIGTERM");
    await expect(page.getByText(BANNER)).toBeVisible(NOTICED);
    await expectStale(page);
    process.kill(pid, "SIGINT");
    await expectStale(page);
  } finally {
    process.kill(held, "SIGCONT");
  }
  await page.goto("/");
  await expectLive(page);
  await page.goto("/services");
  await expect(page.getByRole("heading", { level: 1, name: "Services" })).toBeVisible();
  await expect(page.getByText(BANNER)).toHaveCount(0, NOTICED);
});
