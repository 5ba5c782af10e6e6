/**
 * The list of 2,000 services with 30 days of rollups: the query itself against the product's database, then the built
 * product in headless Chromium, from the press of "Sign in" to a list with statistics, and one service with its charts.
 */
import type { Browser, Page } from "@playwright/test";
import { seedServices } from "../prisma/seed/services.ts";
import type { Context } from "../server/platform/context.ts";
import { getService, listServices } from "../server/services/queries/index.ts";
import { ListServices, SORTS } from "../server/services/schema.ts";
import { BENCH_ADMIN, startProduct } from "./product.ts";
import { openBrowser } from "./browser.ts";
import { withProductDatabase } from "./database.ts";
import { percentile, type Figure } from "./figure.ts";

const PORT = 4533;
const SERVICES = 2_000;
const DAYS = 30;
const CALLS = 40;
/** Between reading the list and opening a service. */
const SETTLE_MS = 1_000;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function queries(ctx: Context): Promise<Figure[]> {
  const lists: number[] = [];
  const details: number[] = [];
  await listServices(ctx, ListServices.parse({ limit: 50 }));
  for (let i = 0; i < CALLS; i++) {
    for (const sort of SORTS) lists.push(await timed(() => listServices(ctx, ListServices.parse({ sort, limit: 50 }))));
    details.push(await timed(() => getService(ctx, { id: "payments-api" })));
  }
  return [
    { name: "services-list-p95", value: percentile(lists, 0.95), unit: "ms", goal: "<=50", note: "all sorts, 50 rows" },
    { name: "services-detail-query-p95", value: percentile(details, 0.95), unit: "ms", goal: "<=100" },
  ];
}

/** Rows that a person sees without scrolling, at least. */
const FIRST_ROWS = 10;
const RUNS = 5;

type Seen = { pressed?: number; list?: number; chart?: number };

/**
 * Runs in the page and notes, in milliseconds since 1970, when the button was pressed and when the frame after the list
 * or the chart was there: looked for in each frame, so that the bench's own waiting is in no figure. A list is usable
 * when its rows are visible, carry their statistics and answer a click (React owns them); a chart when its line is drawn.
 */
function watch(firstRows: number): void {
  const seen: Seen = {};
  Object.assign(window, { benchSeen: seen });
  const now = () => performance.timeOrigin + performance.now();
  const isOwned = (node: Element) => Object.keys(node).some((key) => key.startsWith("__reactProps"));
  const isUsable = (row: Element) => row.textContent?.includes("%") === true && row.getClientRects().length > 0 && isOwned(row);
  const isThere = {
    list: () => [...document.querySelectorAll("tbody tr")].slice(0, firstRows).filter(isUsable).length === firstRows,
    chart: () => document.querySelector("svg.recharts-surface path.recharts-line-curve") !== null,
  };
  const look = () => {
    for (const name of ["list", "chart"] as const) if (seen[name] === undefined && isThere[name]()) requestAnimationFrame(() => (seen[name] ??= now()));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener("click", (event) => sessionStorage.setItem("pressed", String(performance.timeOrigin + event.timeStamp)), { capture: true });
}

const benchSeen = (page: Page) => page.evaluate(() => (window as unknown as { benchSeen: Seen }).benchSeen);

async function untilSeen(page: Page, name: "list" | "chart"): Promise<number> {
  await page.waitForFunction((wanted) => (window as unknown as { benchSeen?: Seen }).benchSeen?.[wanted] !== undefined, name);
  return (await benchSeen(page))[name]!;
}

type Visit = { listMs: number; detailMs: number };

/** One person with an empty browser cache: signs in, reads the list, opens one service. */
async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  await context.addInitScript(watch, FIRST_ROWS);
  const page = await context.newPage();
  await page.goto(`${url}/sign-in?callbackUrl=${encodeURIComponent("/services")}`);
  await page.getByLabel("Email").fill(BENCH_ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(BENCH_ADMIN.password);
  // Nobody types a password in no time; what the page does meanwhile is done.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const listed = await untilSeen(page, "list");
  const pressed = Number(await page.evaluate(() => sessionStorage.getItem("pressed")));
  // What the list does after it is usable (live updates, the rows below) is not the next page's time.
  await page.waitForTimeout(SETTLE_MS);
  await page.goto(`${url}/services/payments-api`, { waitUntil: "commit" });
  const charted = await untilSeen(page, "chart");
  const opened = await page.evaluate(() => performance.timeOrigin);
  await context.close();
  return { listMs: listed - pressed, detailMs: charted - opened };
}

/** Medians of five visits after one that lets server and browser load their code. */
async function screens(url: string): Promise<Figure[]> {
  const browser = await openBrowser();
  const visits: Visit[] = [];
  for (let i = 0; i <= RUNS; i++) visits.push(await visit(browser, url));
  await browser.close();
  const median = (pick: (one: Visit) => number) => percentile(visits.slice(1).map(pick), 0.5) / 1_000;
  return [
    { name: "services-sign-in-to-list", value: median((one) => one.listMs), unit: "s", goal: "<=1.5", note: "empty cache; rows with statistics that answer" },
    { name: "services-detail-with-charts", value: median((one) => one.detailMs), unit: "s", goal: "<=1", note: "from the address to the drawn line" },
  ];
}

/** Figures of the services pages. Needs a build. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT });
  try {
    const figures = await withProductDatabase(product, async (ctx) => {
      await seedServices(ctx, { services: SERVICES, days: DAYS });
      return queries(ctx);
    });
    return [...figures, ...(await screens(product.url))];
  } finally {
    await product.stop();
  }
}
