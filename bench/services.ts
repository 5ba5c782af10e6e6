/**
 * The list of 2,000 services with 30 days of rollups: the query itself against the product's database, then the built
 * product in headless Chromium, from the press of "Sign in" to a list with statistics, and one service with its charts.
 */
import type { Page } from "@playwright/test";
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

/** A list is usable when its rows carry their statistics. */
const usable = (page: Page) => page.getByRole("row").filter({ hasText: "%" }).nth(9).waitFor();

async function screens(url: string): Promise<Figure[]> {
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.goto(`${url}/sign-in?callbackUrl=${encodeURIComponent("/services")}`);
  await page.getByLabel("Email").fill(BENCH_ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(BENCH_ADMIN.password);
  const listMs = await timed(async () => {
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("navigation").first().waitFor();
    if (!page.url().endsWith("/services")) await page.goto(`${url}/services`);
    await usable(page);
  });
  const detailMs = await timed(async () => {
    await page.goto(`${url}/services/payments-api`);
    await page.locator("svg.recharts-surface").first().waitFor();
  });
  await browser.close();
  return [
    { name: "services-sign-in-to-list", value: listMs / 1_000, unit: "s", goal: "<=1.5" },
    { name: "services-detail-with-charts", value: detailMs / 1_000, unit: "s", goal: "<=1" },
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
