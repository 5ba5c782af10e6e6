/**
 * Hours of services: seconds in each state, cut from the transitions (so retries, pauses and gaps count as they were
 * shown), with the latencies of the service's checks merged.
 */
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { State } from "../schema.ts";
import { secondsInStates, type Change, type StateSeconds } from "../uptime.ts";

type ServiceRow = { id: string; state: State; createdAt: Date };
type HourRow = StateSeconds & { serviceId: string };

function hourOf(service: ServiceRow, changes: readonly Change[], hour: { from: Date; to: Date }): HourRow {
  const from = new Date(Math.max(hour.from.getTime(), Math.min(service.createdAt.getTime(), hour.to.getTime())));
  const later = changes.filter((change) => change.at >= from);
  const within = later.filter((change) => change.at < hour.to);
  // After the hour's last change nothing moved until the next one, so that one's `from` holds at the hour's end too.
  const current = within.at(-1)?.to ?? later[0]?.from ?? service.state;
  return { serviceId: service.id, ...secondsInStates(within, { from, to: hour.to }, current) };
}

async function writeHour(ctx: Context, at: Date, rows: readonly HourRow[]): Promise<void> {
  const seconds = (state: State) => rows.map((row) => Math.round(row[state]));
  await ctx.db.$executeRaw`
    WITH r AS (
      SELECT * FROM unnest(${rows.map((row) => row.serviceId)}::text[], ${seconds("up")}::int[], ${seconds("degraded")}::int[],
        ${seconds("down")}::int[], ${seconds("unknown")}::int[]) AS r(service_id, up, degraded, down, unknown)),
    source AS MATERIALIZED (
      SELECT c.service_id, h.latency_sum, h.latency_count, h.hist_buckets, h.hist_counts
      FROM service_check c JOIN series.rollup_hour h ON h.subject_id = c.id AND h.bucket = ${at}),
    totals AS (SELECT service_id, sum(latency_sum) AS latency_sum, sum(latency_count) AS latency_count FROM source GROUP BY service_id),
    cells AS (SELECT s.service_id, u.b, sum(u.n)::int AS n FROM source s, unnest(s.hist_buckets, s.hist_counts) AS u(b, n) GROUP BY s.service_id, u.b),
    ranked AS (
      SELECT service_id, b, n, sum(n) OVER (PARTITION BY service_id ORDER BY b) AS seen, sum(n) OVER (PARTITION BY service_id) AS total FROM cells),
    merged AS (
      SELECT service_id, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts, min(b) FILTER (WHERE seen >= ceil(0.95 * total)) AS p95
      FROM ranked GROUP BY service_id)
    INSERT INTO series.rollup_hour (subject_id, bucket, up, degraded, down, unknown, latency_sum, latency_count, hist_buckets, hist_counts, p95_bucket)
    SELECT r.service_id, ${at}, r.up, r.degraded, r.down, r.unknown, coalesce(t.latency_sum, 0), coalesce(t.latency_count, 0),
      coalesce(m.buckets, '{}'), coalesce(m.counts, '{}'), m.p95
    FROM r LEFT JOIN totals t ON t.service_id = r.service_id LEFT JOIN merged m ON m.service_id = r.service_id
    ON CONFLICT (subject_id, bucket) DO UPDATE SET up = excluded.up, degraded = excluded.degraded, down = excluded.down, unknown = excluded.unknown,
      latency_sum = excluded.latency_sum, latency_count = excluded.latency_count, hist_buckets = excluded.hist_buckets,
      hist_counts = excluded.hist_counts, p95_bucket = excluded.p95_bucket`;
}

/** Replaces the hours of all services from `since` to now; the last one is cut at now. */
export async function rollUpServices(ctx: Context, span: { since: Date; now: Date }): Promise<void> {
  const services = await ctx.db.service.findMany({ where: { archivedAt: null }, select: { id: true, state: true, createdAt: true } });
  if (services.length === 0) return;
  const changes = await ctx.db.transition.findMany({
    where: { checkId: null, at: { gte: span.since } },
    select: { serviceId: true, at: true, from: true, to: true },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const changesOf = Map.groupBy(changes, (change) => change.serviceId);
  for (let at = span.since.getTime(); at < span.now.getTime(); at += HOUR_MS) {
    const hour = { from: new Date(at), to: new Date(Math.min(at + HOUR_MS, span.now.getTime())) };
    const rows = services.filter((service) => service.createdAt < hour.to).map((service) => hourOf(service, changesOf.get(service.id) ?? [], hour));
    if (rows.length > 0) await writeHour(ctx, hour.from, rows);
  }
}
