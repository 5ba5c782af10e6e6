/** Plain facts about services in bulk, for modules that judge them. A handful of statements, however many services. */
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import type { CheckConfig } from "../check-config.ts";
import { mergeHistograms, percentilesOf, type Histogram } from "../../platform/histogram.ts";
import type { CheckKind, Link, Percentiles, State } from "../schema.ts";
import { uptimeOf } from "../uptime.ts";
import { presentState } from "./rows.ts";

/** Request headers that carry a credential; one of them in plain text is a finding. */
const CREDENTIAL_HEADER = /^(authorization|cookie|x-api-key|api-key|x-auth-token|proxy-authorization)$/i;

export type CheckFacts = {
  id: string;
  kind: CheckKind;
  name: string;
  /** Address of an HTTP check; null for other kinds. */
  url: string | null;
  intervalSeconds: number;
  failuresBeforeDown: number;
  isPaused: boolean;
  state: State;
  isStale: boolean;
  lastResultAt: Date | null;
  lastLatencyMs: number | null;
  lastMessage: string;
  certificateExpiresAt: Date | null;
  /** What the check itself calls slow. */
  maxLatencyMs: number | null;
  ignoresCertificateErrors: boolean;
  /** Names of headers that carry a credential in plain text. */
  plainCredentials: string[];
};

export type ComponentFacts = { name: string; verdict: State; detail: string; observedAt: Date; lastSeenAt: Date; isGone: boolean };

/** Ratio over known time, 0 to 1, and the share of the window about which anything is known. */
export type UptimeFacts = { ratio: number | null; knownShare: number };

export type ServiceFacts = {
  id: string;
  name: string;
  slug: string;
  description: string;
  domain: string;
  tier: number;
  environment: string;
  owner: string;
  repositoryUrl: string | null;
  links: Link[];
  tags: string[];
  isSelf: boolean;
  createdAt: Date;
  updatedAt: Date;
  state: State;
  stateSince: Date;
  stateReason: string;
  checks: CheckFacts[];
  components: ComponentFacts[];
  uptime7d: UptimeFacts;
  uptime30d: UptimeFacts;
  /** Of the last full and the present day, from all checks. */
  latency1d: Percentiles;
  latency7d: Percentiles;
  /** Falls to down in 7 days; the longest stretch of down within 30 days, in milliseconds. */
  falls7d: number;
  longestOutageMs: number;
  lastDownAt: Date | null;
};

type Outage = { serviceId: string; falls: number; longestMs: number; lastAt: Date | null };
type Seconds = { serviceId: string; days: number; up: number; degraded: number; down: number; unknown: number };
type Bucket = { serviceId: string; days: number } & Histogram;

const SECONDS_OF_DAY = 86_400;
const NO_UPTIME: UptimeFacts = { ratio: null, knownShare: 0 };

function readUptime(ctx: Context, ids: string[]): Promise<Seconds[]> {
  const now = ctx.now();
  const since = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return ctx.db.$queryRaw<Seconds[]>`
    SELECT r.subject_id AS "serviceId", w.days, sum(r.up)::float8 AS up, sum(r.degraded)::float8 AS degraded, sum(r.down)::float8 AS down, sum(r.unknown)::float8 AS unknown
    FROM series.rollup_day r JOIN (VALUES (7, ${since(7)}::timestamptz), (30, ${since(30)}::timestamptz)) AS w(days, since) ON r.bucket >= w.since
    WHERE r.subject_id = ANY(${ids}) GROUP BY 1, 2`;
}

function readLatencies(ctx: Context, ids: string[]): Promise<Bucket[]> {
  const now = ctx.now();
  const since = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return ctx.db.$queryRaw<Bucket[]>`
    SELECT "serviceId", days, array_agg(b ORDER BY b) AS buckets, array_agg(n ORDER BY b) AS counts FROM (
      SELECT c.service_id AS "serviceId", w.days, h.b::int AS b, sum(h.n)::int AS n
      FROM service_check c JOIN series.rollup_day r ON r.subject_id = c.id
        JOIN (VALUES (1, ${since(2)}::timestamptz), (7, ${since(7)}::timestamptz)) AS w(days, since) ON r.bucket >= w.since,
        unnest(r.hist_buckets, r.hist_counts) AS h(b, n)
      WHERE c.service_id = ANY(${ids}) AND r.bucket >= ${since(7)} GROUP BY 1, 2, 3) AS merged GROUP BY 1, 2`;
}

function readOutages(ctx: Context, ids: string[]): Promise<Outage[]> {
  const now = ctx.now();
  return ctx.db.$queryRaw<Outage[]>`
    SELECT service_id AS "serviceId", count(*) FILTER (WHERE to_state = 'down' AND at > ${new Date(now.getTime() - 7 * DAY_MS)})::int AS falls,
      coalesce(max(extract(epoch FROM coalesce(until, ${now}) - at) * 1000) FILTER (WHERE to_state = 'down'), 0)::float8 AS "longestMs",
      max(at) FILTER (WHERE to_state = 'down') AS "lastAt"
    FROM (SELECT service_id, at, to_state, lead(at) OVER (PARTITION BY service_id ORDER BY id) AS until
      FROM service_transition WHERE service_id = ANY(${ids}) AND check_id IS NULL AND at > ${new Date(now.getTime() - 30 * DAY_MS)}) AS t
    GROUP BY 1`;
}

type CheckRow = Prisma.CheckGetPayload<{ include: { components: true } }>;

function toCheckFacts(row: CheckRow, now: Date): CheckFacts {
  const config = row.config as CheckConfig;
  const http = config.kind === "http" ? config : null;
  const present = presentState(row, now);
  return {
    id: row.id,
    kind: config.kind,
    name: row.name,
    url: http?.url ?? null,
    intervalSeconds: row.intervalSeconds,
    failuresBeforeDown: row.failuresBeforeDown,
    isPaused: row.pausedAt !== null,
    state: present.state,
    isStale: present.isStale,
    lastResultAt: row.lastResultAt,
    lastLatencyMs: row.lastLatencyMs,
    lastMessage: row.lastMessage,
    certificateExpiresAt: row.certificateExpiresAt,
    maxLatencyMs: http?.maxLatencyMs ?? null,
    ignoresCertificateErrors: http?.ignoreCertificateErrors ?? false,
    plainCredentials: http ? http.headers.filter((header) => !header.isSecret && CREDENTIAL_HEADER.test(header.name)).map((header) => header.name) : [],
  };
}

function toComponents(row: CheckRow): ComponentFacts[] {
  return row.components.map(({ name, verdict, detail, observedAt, lastSeenAt }) => ({
    name, verdict, detail, observedAt, lastSeenAt,
    isGone: row.lastResultAt !== null && row.lastResultAt.getTime() - lastSeenAt.getTime() > 1_000,
  }));
}

function uptimeFacts(rows: readonly Seconds[] | undefined, days: number): UptimeFacts {
  const row = rows?.find((each) => each.days === days);
  if (!row) return NO_UPTIME;
  return { ratio: uptimeOf(row), knownShare: Math.min(1, (row.up + row.degraded + row.down) / (days * SECONDS_OF_DAY)) };
}

const latencyFacts = (rows: readonly Bucket[] | undefined, days: number): Percentiles => percentilesOf(mergeHistograms((rows ?? []).filter((row) => row.days === days)));

/** Facts of the services that are in use: those named, or all of them. Archived ones are left out. */
export async function readServiceFacts(ctx: Context, only: readonly string[] | null = null): Promise<ServiceFacts[]> {
  const services = await ctx.db.service.findMany({ where: { archivedAt: null, id: only ? { in: [...only] } : undefined }, orderBy: { id: "asc" } });
  const ids = services.map(({ id }) => id);
  if (ids.length === 0) return [];
  const [checks, uptime, latencies, outages] = await Promise.all([
    ctx.db.check.findMany({ where: { serviceId: { in: ids } }, include: { components: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }),
    readUptime(ctx, ids),
    readLatencies(ctx, ids),
    readOutages(ctx, ids),
  ]);
  const now = ctx.now();
  const checksOf = Map.groupBy(checks, (row) => row.serviceId);
  const uptimeOfId = Map.groupBy(uptime, (row) => row.serviceId);
  const latencyOf = Map.groupBy(latencies, (row) => row.serviceId);
  const outageOf = new Map(outages.map((row) => [row.serviceId, row]));
  return services.map((service): ServiceFacts => {
    const own = checksOf.get(service.id) ?? [];
    const outage = outageOf.get(service.id);
    const { id, name, slug, description, domain, tier, environment, owner, repositoryUrl, tags, isSelf, createdAt, updatedAt, state, stateSince, stateReason } = service;
    return {
      id, name, slug, description, domain, tier, environment, owner, repositoryUrl, tags, isSelf, createdAt, updatedAt, state, stateSince, stateReason,
      links: service.links as Link[],
      checks: own.map((row) => toCheckFacts(row, now)),
      components: own.flatMap(toComponents),
      uptime7d: uptimeFacts(uptimeOfId.get(id), 7),
      uptime30d: uptimeFacts(uptimeOfId.get(id), 30),
      latency1d: latencyFacts(latencyOf.get(id), 1),
      latency7d: latencyFacts(latencyOf.get(id), 7),
      falls7d: outage?.falls ?? 0,
      longestOutageMs: outage?.longestMs ?? 0,
      lastDownAt: outage?.lastAt ?? null,
    };
  });
}

/** Ids of services of which something that is judged changed after `since`: the service, a check, a state. */
export async function listChangedServices(ctx: Context, since: Date): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM service WHERE updated_at > ${since}
    UNION SELECT service_id FROM service_check WHERE updated_at > ${since} OR state_since > ${since}
    UNION SELECT service_id FROM service_transition WHERE at > ${since}`;
  return rows.map(({ id }) => id);
}
