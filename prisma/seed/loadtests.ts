/** Demo data of load tests: two months of runs with baselines, one scenario that got slower. Needs the demo services; done once. */
import { DAY_MS, HOUR_MS } from "../../server/platform/clock.ts";
import type { Context } from "../../server/platform/context.ts";
import { newId } from "../../server/platform/ids.ts";
import { judgeRun } from "../../server/loadtests/judge.ts";
import { DEFAULT_RULES, type Figures, type Profile, type RunPoint } from "../../server/loadtests/schema.ts";
import { chance } from "./chance.ts";

type Scenario = { slug: string; scenario: string; profile: Profile; users: number; p95: number; rate: number; everyDays: number; growth: number; errors: number };

const SCENARIOS: readonly Scenario[] = [
  { slug: "payments-api", scenario: "checkout", profile: "spike", users: 500, p95: 212, rate: 410, everyDays: 4, growth: 0.01, errors: 0.0012 },
  { slug: "payments-api", scenario: "refund", profile: "basic", users: 100, p95: 148, rate: 120, everyDays: 7, growth: 0, errors: 0.0004 },
  { slug: "orders-api", scenario: "place-order", profile: "stress", users: 1_000, p95: 318, rate: 720, everyDays: 6, growth: 0.005, errors: 0.003 },
  { slug: "search", scenario: "type-ahead", profile: "basic", users: 100, p95: 260, rate: 300, everyDays: 3, growth: 0.05, errors: 0.002 },
  { slug: "checkout-web", scenario: "landing", profile: "basic", users: 100, p95: 340, rate: 90, everyDays: 8, growth: 0, errors: 0.001 },
  { slug: "identity", scenario: "sign-in", profile: "soak", users: 100, p95: 96, rate: 60, everyDays: 14, growth: 0, errors: 0.0002 },
  { slug: "inventory-api", scenario: "stock", profile: "smoke", users: 10, p95: 74, rate: 40, everyDays: 10, growth: 0, errors: 0 },
];
const HISTORY_DAYS = 60;
const POINTS = 60;

function figuresOf(scenario: Scenario, index: number, id: string): Figures {
  const noise = 0.94 + chance(`${id}${index}`) * 0.12;
  const p95 = scenario.p95 * noise * (1 + scenario.growth * index);
  const requests = Math.round(scenario.rate * 300);
  return { requests, errors: Math.round(requests * scenario.errors), errorRate: scenario.errors, rate: scenario.rate * (2 - noise), durationMs: 300_000, users: scenario.users, avg: p95 * 0.5, min: p95 * 0.12, p50: p95 * 0.45, p90: p95 * 0.82, p95, p99: p95 * 1.9, max: p95 * 4.2 };
}

function pointsOf(figures: Figures, id: string): RunPoint[] {
  return Array.from({ length: POINTS }, (_, index) => {
    const ramp = Math.min(1, (index + 1) / 12);
    const p95 = (figures.p95 ?? 0) * (0.7 + 0.3 * ramp) * (0.92 + chance(`${id}${index}`) * 0.16);
    return { atMs: index * 5_000, requests: Math.round((figures.rate ?? 0) * 5 * ramp), errors: 0, p50: p95 * 0.45, p95 };
  });
}

/** Adds demo runs with baselines. Returns how many. */
export async function seedLoadtests(ctx: Context): Promise<number> {
  if (await ctx.db.loadRun.findFirst({ select: { id: true } })) return 0;
  const services = new Map((await ctx.db.service.findMany({ where: { slug: { in: SCENARIOS.map(({ slug }) => slug) } }, select: { id: true, slug: true } })).map(({ id, slug }) => [slug, id]));
  let added = 0;
  for (const scenario of SCENARIOS) {
    const serviceId = services.get(scenario.slug);
    if (!serviceId) continue;
    const count = Math.floor(HISTORY_DAYS / scenario.everyDays);
    const rows = Array.from({ length: count }, (_, index) => {
      const receivedAt = new Date(ctx.now().getTime() - (count - 1 - index) * scenario.everyDays * DAY_MS - 2 * HOUR_MS);
      const id = newId("ltr", receivedAt);
      const key = `${scenario.slug}${scenario.scenario}${index}`;
      const figures = figuresOf(scenario, index, key);
      const thresholds = [{ metric: "http_req_duration", expression: "p(95)<500", ok: (figures.p95 ?? 0) < 500 }, { metric: "http_req_failed", expression: "rate<0.01", ok: scenario.errors < 0.01 }];
      const commit = Math.floor(chance(key) * 0xffff_ffff).toString(16).padStart(8, "0").repeat(5);
      const metrics = [{ name: "http_req_duration", kind: "trend", values: { avg: figures.avg ?? 0, "p(95)": figures.p95 ?? 0 } }, { name: "http_reqs", kind: "counter", values: { count: figures.requests } }];
      return { id, serviceId, scenario: scenario.scenario, profile: scenario.profile, format: "k6-summary", commit, branch: "main", ...judgeRun({ figures, thresholds }, scenario.profile, DEFAULT_RULES), figures, thresholds, metrics, points: pointsOf(figures, key), digest: key, receivedAt, receivedFrom: "key ci-northpier" };
    });
    await ctx.db.loadRun.createMany({ data: rows });
    const base = rows[Math.floor(count / 2) - 1];
    if (base && scenario.scenario !== "landing") await ctx.db.loadBaseline.create({ data: { serviceId, scenario: scenario.scenario, profile: scenario.profile, runId: base.id, promotedAt: base.receivedAt, promotedBy: "Maya Lindqvist" } });
    added += rows.length;
  }
  return added;
}
