/** The list: filter, order and pages; its counts; the page of one service. */
import { beforeAll, describe, expect, test } from "vitest";
import { seedServices } from "../../../prisma/seed/services.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCaller } from "../../root.ts";
import { archiveService } from "../mutations/index.ts";
import { SORTS, type ServiceRow } from "../schema.ts";

const database = testDatabase();
const viewer = () => createCaller(testContext({ db: database.db, actor: asActor("viewer") })).services;
const DAY = 86_400_000;

beforeAll(async () => {
  const ctx = testContext({ db: database.db });
  await seedServices(ctx, { services: 40, days: 3 });
  await archiveService(ctx, { id: "feature-flags" });
});

async function everything(input: Parameters<ReturnType<typeof viewer>["list"]>[0]): Promise<ServiceRow[]> {
  const rows: ServiceRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await viewer().list({ ...input, cursor });
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return rows;
}

test("demo data is added once", async () => {
  expect(await seedServices(testContext({ db: database.db }), { services: 40, days: 3 })).toBe(0);
});

describe("the list", () => {
  test.each(SORTS.flatMap((sort) => (["asc", "desc"] as const).map((order) => [sort, order] as const)))("by %s %s pages through all, each once", async (sort, order) => {
    const rows = await everything({ sort, order, limit: 7 });
    expect(new Set(rows.map((row) => row.id)).size).toBe(39);
    expect(rows).toHaveLength(39);
    const whole = await viewer().list({ sort, order, limit: 100 });
    expect(rows.map((row) => row.slug)).toEqual(whole.items.map((row) => row.slug));
  });

  test("shows the worst first with what a row needs", async () => {
    const { items } = await viewer().list({});
    expect(items.slice(0, 2).map((row) => [row.slug, row.state])).toEqual([["payments-api", "down"], ["search", "degraded"]]);
    expect(items[0]).toMatchObject({ checks: 4, owner: "Payments", tier: 1, stateReason: expect.stringContaining("refused") });
    expect(items[0]?.bars).toHaveLength(24);
    expect(items[0]?.bars.at(-1)?.down).toBeGreaterThan(0);
    expect(items[0]?.bars[0]?.at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:00:00\.000Z$/);
    expect(items[0]?.sparkline).toHaveLength(24);
    expect(items[0]?.uptime24h).toBeLessThan(1);
    expect(items[0]?.p95Ms24h).toBeGreaterThan(50);
  });

  test.each([
    ["state:down", ["payments-api"]],
    ["env:staging reporting", ["reporting"]],
    ["owner:discovery", ["search"]],
    ["tag:pci", ["payments-api"]],
    ["tag:pci tag:opensearch", ["payments-api", "search"]],
    ["checkout", ["checkout-web"]],
    ["is:archived", ["feature-flags"]],
    ["owner:payments -tag:pci", ["billing-worker"]],
    ["owner:payments -state:up", ["payments-api"]],
    ["100%_nothing", []],
  ])("filter %s", async (filter, slugs) => {
    expect((await viewer().list({ filter, limit: 100 })).items.map((row) => row.slug).filter((slug) => !/-\d{4}$/.test(slug))).toEqual(slugs);
  });

  test("refuses a cursor of another list", async () => expect(viewer().list({ cursor: "bm90IG9uZQ" })).rejects.toMatchObject({ code: "BAD_REQUEST" }));

  test("calls unknown what nobody has confirmed lately, at once", async () => {
    await database.db.$executeRaw`UPDATE service_check SET last_known_at = now() - interval '1 hour' WHERE service_id = (SELECT id FROM service WHERE slug = 'orders-api')`;
    const { items } = await viewer().list({ filter: "orders-api" });
    expect(items).toMatchObject([{ slug: "orders-api", state: "unknown", stateReason: expect.stringContaining("No fresh result") }]);
    expect(Date.now() - items[0]!.stateSince.getTime()).toBeGreaterThan(55 * 60_000);
  });
});

describe("the summary", () => {
  test("counts by state and names the worst", async () => {
    const summary = await viewer().summary({});
    expect(summary.counts).toMatchObject({ all: 39, down: 1, degraded: 1 });
    expect(summary.worst.slice(0, 2).map((row) => row.slug)).toEqual(["payments-api", "search"]);
    expect(summary.nearestCertificate?.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect((await viewer().summary({ filter: "state:down owner:payments" })).counts).toMatchObject({ down: 1, up: expect.any(Number) });
  });

  test("knows the values that filters can name", async () => {
    const facets = await viewer().facets({});
    expect(facets.environments.map((one) => one.value)).toEqual(["production", "staging"]);
    expect(facets.owners.find((one) => one.value === "Discovery")).toEqual({ value: "Discovery", count: 1 });
  });
});

describe("one service", () => {
  test("has checks, components, four windows and percentiles", async () => {
    const service = await viewer().get({ id: "payments-api" });
    expect(service.uptime.map((one) => [one.window, one.bars.length])).toEqual([["24h", 24], ["7d", 28], ["30d", 30], ["90d", 45]]);
    expect(service.uptime[0]?.ratio).toBeLessThan(1);
    expect(service.uptime[0]?.latency.p95).toBeGreaterThan(service.uptime[0]!.latency.p50!);
    expect(service.components.find((one) => one.name === "kms-keys")).toMatchObject({ isStale: true });
    expect(service.components.find((one) => one.name === "memory")).toMatchObject({ isStale: false, unit: "MiB" });
    expect(JSON.stringify(service.checks)).not.toContain("probe:demo");
  });

  test("has a latency series of at most 300 points with gaps as empty points", async () => {
    const day = await viewer().latency({ id: "search", from: new Date(Date.now() - DAY) });
    expect(day.stepSeconds).toBe(300);
    expect(day.points.length).toBeLessThanOrEqual(301);
    expect(day.points.at(-3)?.p95).toBeGreaterThan(100);
    const quarter = await viewer().latency({ id: "search", from: new Date(Date.now() - 80 * DAY) });
    expect(quarter.points.length).toBeLessThanOrEqual(301);
    expect(quarter.points[0]).toMatchObject({ count: 0, p50: null });
    await expect(viewer().latency({ id: "search", from: new Date(), to: new Date(0) })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });

  test("has a timeline in pages", async () => {
    const first = await viewer().transitions({ id: "payments-api", limit: 2 });
    const second = await viewer().transitions({ id: "payments-api", limit: 2, cursor: first.nextCursor ?? undefined });
    const ids = [...first.items, ...second.items].map((one) => BigInt(one.id));
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)));
    expect(new Set(ids).size).toBe(4);
    expect(second.nextCursor).toBeNull();
    const own = await viewer().transitions({ id: "payments-api", checkId: first.items.find((one) => one.checkId)?.checkId ?? undefined });
    expect(own.items).toHaveLength(1);
  });
});
