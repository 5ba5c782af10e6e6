/**
 * Demo data of services. Small: the fourteen services of the company Northpier with weeks of history, one of them down,
 * one slow, one with a component that vanished. Bulk: any number of services for benches. History is written by the
 * database itself (generate_series), so 2,000 services × 30 days take seconds. Does nothing when demo data is there.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../server/platform/clock.ts";
import type { Context } from "../../server/platform/context.ts";
import { Prisma } from "../../server/platform/db.ts";
import { newId } from "../../server/platform/ids.ts";
import { ensurePartitions } from "../../server/services/engine/partitions.ts";
import { refreshSummaries } from "../../server/services/engine/summaries.ts";
import { CheckConfig } from "../../server/services/check-config.ts";
import { sealConfig } from "../../server/services/check-secrets.ts";
import { COMPONENTS, NORTHPIER, type DemoCheck, type DemoService } from "./northpier.ts";

export type SeedOptions = {
  /** Above fourteen, the rest are generated. */
  services: number;
  /** Days of hourly and daily history. */
  days: number;
};

const OWNERS = ["Payments", "Storefront", "Orders", "Platform", "Data", "Media", "Merchants", "Messaging"];
const AREAS = ["Ledger", "Catalogue", "Search", "Identity", "Shipping", "Pricing", "Media", "Reports", "Notify", "Stock"];
/** Services written at a time; the first lot's history is made, later lots copy it. */
const INSERT_ROWS = 50;
const CHUNK_MS = 10 * DAY_MS;
/** Minutes of history at one minute: what the detail page's default range shows. */
const MINUTE_HISTORY_MS = DAY_MS;
const FRESH_MS = 30 * DAY_MS;
/** The outage and the slowness of the demo began this long ago. */
const TROUBLE_MS = 18 * MINUTE_MS;

function generated(index: number): DemoService {
  const area = AREAS[index % AREAS.length] ?? "Service";
  return {
    name: `${area} ${String(index).padStart(4, "0")}`,
    slug: `${area.toLowerCase()}-${String(index).padStart(4, "0")}`,
    owner: OWNERS[index % OWNERS.length] ?? "Platform",
    domain: area,
    tier: 1 + (index % 3),
    environment: index % 5 === 0 ? "staging" : "production",
    tags: [`team-${index % 7}`],
    latencyMs: 30 + (index % 17) * 15,
    state: index % 97 === 0 ? "down" : index % 31 === 0 ? "degraded" : "up",
    reason: index % 97 === 0 ? "connection refused" : index % 31 === 0 ? "slower than 500 ms" : "",
    checks: [{ kind: "http", name: "/health/ready", path: "/health/ready", message: "200 in 44 ms" }],
  };
}

type Placed = DemoService & { id: string; checkRows: (DemoCheck & { id: string })[] };

function place(services: readonly DemoService[], now: Date): Placed[] {
  return services.map((service) => ({ ...service, id: newId("svc", now), checkRows: service.checks.map((check) => ({ ...check, id: newId("chk", now) })) }));
}

async function insertServices(ctx: Context, services: readonly Placed[], options: SeedOptions): Promise<void> {
  const now = ctx.now();
  const createdAt = new Date(now.getTime() - options.days * DAY_MS);
  await ctx.db.service.createMany({
    data: services.map(({ id, name, slug, owner, domain, tier, environment, tags, state, reason, description }) => ({
      id, name, slug, owner, domain, tier, environment, tags: [...tags, "demo"], state,
      description: description ?? "",
      repositoryUrl: `https://git.northpier.dev/${slug}`,
      links: [{ label: "Dashboard", url: `https://grafana.northpier.dev/d/${slug}` }],
      stateSince: state === "up" ? createdAt : new Date(now.getTime() - TROUBLE_MS),
      stateReason: reason,
      createdAt,
      updatedAt: createdAt,
    })),
  });
}

function configOf(check: DemoCheck, slug: string): CheckConfig {
  if (check.kind === "postgres") return { kind: "postgres", connectionString: `postgresql://probe:demo@${check.path}/app` };
  if (check.kind === "tcp") return { kind: "tcp", host: check.path, port: 443 };
  return CheckConfig.parse({ kind: "http", url: `https://${slug}.northpier.dev${check.path}` });
}

async function insertChecks(ctx: Context, services: readonly Placed[], options: SeedOptions): Promise<void> {
  const now = ctx.now();
  const createdAt = new Date(now.getTime() - options.days * DAY_MS);
  const rows = services.flatMap((service) => service.checkRows.map((check) => {
    const state = check.state ?? (service.checkRows.length === 1 ? service.state : "up");
    return {
      id: check.id, serviceId: service.id, kind: check.kind, name: check.name, config: sealConfig(configOf(check, service.slug)), intervalSeconds: 30, state,
      stateSince: state === "up" ? createdAt : new Date(now.getTime() - TROUBLE_MS), stateReason: state === "up" ? "" : (check.message ?? ""),
      // Demo targets do not exist, so nothing probes them: what they last found stays fresh for a month.
      phase: Math.random(), lastVerdict: state, lastResultAt: now, lastKnownAt: new Date(now.getTime() + FRESH_MS), nextDueAt: null,
      lastLatencyMs: state === "down" ? null : service.latencyMs, lastMessage: check.message ?? "200",
      certificateExpiresAt: new Date(now.getTime() + (check.certificateDays ?? 90) * DAY_MS), createdAt, updatedAt: createdAt,
    };
  }));
  await ctx.db.check.createMany({ data: rows });
}

/** Writes rollups of every subject for `[from, to)`, one a `step`. `weight` is what a bucket holds: results or seconds. */
async function insertHistory(ctx: Context, what: { table: "minute" | "hour" | "day"; from: Date; to: Date; subjects: readonly Subject[] }): Promise<void> {
  const { subjects } = what;
  const now = ctx.now().getTime();
  const step = Prisma.raw(`interval '1 ${what.table}'`);
  await ctx.db.$executeRaw`
    INSERT INTO ${Prisma.raw(`series.rollup_${what.table}`)} (subject_id, bucket, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts, p95_bucket)
    SELECT id, bucket,
      CASE WHEN bad = 'none' THEN weight ELSE weight - (weight * share)::int END,
      CASE WHEN bad = 'degraded' THEN (weight * share)::int ELSE 0 END,
      CASE WHEN bad = 'down' THEN (weight * share)::int ELSE 0 END, 0,
      results * latency, results,
      CASE WHEN results < 10 THEN ARRAY[b] ELSE ARRAY[b - 2, b, b + 2, b + 5, b + 8] END::smallint[],
      CASE WHEN results < 10 THEN ARRAY[results] ELSE ARRAY[results * 0.2, results * 0.5, results * 0.2, results * 0.08, results * 0.02] END::int[],
      (CASE WHEN results < 10 THEN b ELSE b + 5 END)::smallint
    FROM (
      SELECT s.id, g.bucket, s.weight, s.results, wave.latency, ceil(ln(wave.latency / 0.1) / ln(1.1))::int AS b,
        CASE WHEN g.bucket > ${new Date(now - TROUBLE_MS)}::timestamptz - CASE WHEN ${what.table} = 'minute' THEN interval '0' ELSE ${step} - interval '18 minutes' END
          AND s.trouble <> 'up' THEN s.trouble
          WHEN hashtext(s.id || g.bucket::text) % 400 = 7 THEN 'degraded' WHEN hashtext(s.id || g.bucket::text) % 900 = 11 THEN 'down' ELSE 'none' END AS bad,
        least(1, extract(epoch FROM interval '18 minutes') / extract(epoch FROM ${step})) AS share
      FROM unnest(${subjects.map(({ id }) => id)}::text[], ${subjects.map(({ latencyMs }) => latencyMs)}::float8[],
          ${subjects.map((subject) => subject.weightOf[what.table])}::int[], ${subjects.map((subject) => subject.resultsOf[what.table])}::int[],
          ${subjects.map(({ trouble }) => trouble)}::text[]) AS s(id, latency, weight, results, trouble)
      CROSS JOIN generate_series(${what.from}::timestamptz, ${new Date(what.to.getTime() - 1)}::timestamptz, ${step}) AS g(bucket)
      CROSS JOIN LATERAL (SELECT greatest(1, s.latency * (1 + 0.18 * sin(extract(epoch FROM g.bucket) / 13751) + (abs(hashtext(s.id || g.bucket::text)) % 100) / 600.0)
        * CASE WHEN s.trouble = 'degraded' AND g.bucket > ${new Date(now - 2 * HOUR_MS)}::timestamptz THEN 3 ELSE 1 END)::float8 AS latency) AS wave) AS made
    ON CONFLICT DO NOTHING`;
}

/** Gives services the history of others, bucket by bucket: much cheaper than making it, and as large. */
async function copyHistory(ctx: Context, services: readonly Placed[], templates: readonly Placed[]): Promise<void> {
  const pairs = services.flatMap((service, i) => {
    const template = templates[i % templates.length];
    return template ? [[service.id, template.id], [service.checkRows[0]?.id ?? "", template.checkRows[0]?.id ?? ""]] : [];
  });
  for (const table of ["hour", "day"]) {
    const series = Prisma.raw(`series.rollup_${table}`);
    await ctx.db.$executeRaw`
      INSERT INTO ${series} (subject_id, bucket, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts, p95_bucket)
      SELECT pair.id, r.bucket, r.up, r.degraded, r.down, r.unknown, r.latency_sum, r.latency_count, r.hist_buckets, r.hist_counts, r.p95_bucket
      FROM unnest(${pairs.map(([id]) => id)}::text[], ${pairs.map(([, from]) => from)}::text[]) AS pair(id, source)
      JOIN ${series} r ON r.subject_id = pair.source
      ON CONFLICT DO NOTHING`;
  }
}

type Weights = { minute: number; hour: number; day: number };
type Subject = { id: string; latencyMs: number; trouble: DemoService["state"]; weightOf: Weights; resultsOf: Weights };

/** A check every 30 s. */
const RESULTS: Weights = { minute: 2, hour: 120, day: 2_880 };
const SECONDS: Weights = { minute: 60, hour: 3_600, day: 86_400 };

function subjectsOf(services: readonly Placed[]): { checks: Subject[]; services: Subject[] } {
  const checks = services.flatMap((service) => service.checkRows.map((check) => ({
    id: check.id, latencyMs: service.latencyMs, trouble: check.state ?? (service.checkRows.length === 1 ? service.state : "up"), weightOf: RESULTS, resultsOf: RESULTS,
  })));
  return { checks, services: services.map((service) => ({ id: service.id, latencyMs: service.latencyMs, trouble: service.state, weightOf: SECONDS, resultsOf: RESULTS })) };
}

async function insertTimeline(ctx: Context, services: readonly Placed[]): Promise<void> {
  const now = ctx.now();
  const at = new Date(now.getTime() - TROUBLE_MS);
  const troubled = services.filter((service) => service.state !== "up");
  await ctx.db.transition.createMany({
    data: troubled.flatMap((service) => {
      const own = service.checkRows.filter((check) => (check.state ?? "up") !== "up");
      const ofChecks = own.map((check) => ({ at, serviceId: service.id, checkId: check.id, checkName: check.name, from: "up" as const, to: check.state ?? service.state, reason: check.message ?? "" }));
      return [...ofChecks, { at, serviceId: service.id, checkId: null, checkName: null, from: "up" as const, to: service.state, reason: service.reason }];
    }),
  });
  await ctx.db.component.createMany({
    data: services.flatMap((service) => (COMPONENTS[service.slug] ?? []).map(({ agoMs = 0, ...component }) => ({
      ...component, checkId: service.checkRows[0]?.id ?? "", observedAt: new Date(now.getTime() - Math.max(agoMs, TROUBLE_MS)), lastSeenAt: new Date(now.getTime() - agoMs),
    }))),
  });
}

/** Adds demo services with history. Returns how many it added; 0 when demo data is there already. */
export async function seedServices(ctx: Context, options: SeedOptions = { services: NORTHPIER.length, days: 30 }): Promise<number> {
  if (await ctx.db.service.findFirst({ where: { slug: NORTHPIER[0]?.slug }, select: { id: true } })) return 0;
  const now = ctx.now();
  const demo = NORTHPIER.slice(0, options.services);
  const rest = Array.from({ length: Math.max(0, options.services - NORTHPIER.length) }, (_, i) => generated(i + 1));
  const placed = place([...demo, ...rest], now);
  await ensurePartitions(ctx, { from: new Date(now.getTime() - MINUTE_HISTORY_MS - DAY_MS), to: new Date(now.getTime() + DAY_MS) });
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const from = new Date(hour.getTime() - options.days * DAY_MS);
  const day = (time: Date) => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
  for (let i = 0; i < placed.length; i += INSERT_ROWS) {
    const part = placed.slice(i, i + INSERT_ROWS);
    const subjects = subjectsOf(part);
    const all = [...subjects.checks, ...subjects.services];
    await insertServices(ctx, part, options);
    await insertChecks(ctx, part, options);
    await insertTimeline(ctx, part);
    if (i > 0) {
      await copyHistory(ctx, part, placed.slice(NORTHPIER.length, INSERT_ROWS));
      continue;
    }
    for (let at = from.getTime(); at <= hour.getTime(); at += CHUNK_MS) {
      await insertHistory(ctx, { table: "hour", from: new Date(at), to: new Date(Math.min(at + CHUNK_MS, now.getTime())), subjects: all });
    }
    await insertHistory(ctx, { table: "day", from: day(from), to: now, subjects: all });
  }
  const minutes = subjectsOf(placed.slice(0, NORTHPIER.length)).checks;
  await insertHistory(ctx, { table: "minute", from: new Date(Math.floor((now.getTime() - MINUTE_HISTORY_MS) / MINUTE_MS) * MINUTE_MS), to: now, subjects: minutes });
  await ctx.db.$executeRaw`ANALYZE service, service_check, series.rollup_hour, series.rollup_day`;
  // The rollup job goes on from here instead of rebuilding history from results that were never made.
  await ctx.db.serviceRollupProgress.upsert({ where: { name: "rollup" }, create: { name: "rollup", doneUntil: now }, update: { doneUntil: now } });
  await refreshSummaries(ctx, now);
  return placed.length;
}
