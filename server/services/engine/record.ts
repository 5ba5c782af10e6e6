/**
 * Writes finished runs in batches: result rows, states of checks, transitions, components, states of services and one
 * live event. A result counts only while its claim holds (same token) and the check is the one that was claimed (same
 * revision); what is late or overtaken is discarded. Writing a batch twice changes nothing.
 */
import type { Context } from "../../platform/context.ts";
import { inTransaction, Prisma } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { bucketOf } from "../../platform/histogram.ts";
import { refreshServiceStates } from "../mutations/rows.ts";
import { phasesOf, toColumn } from "../phases.ts";
import type { Reading } from "../probes/reading.ts";
import { nextState, type CheckState } from "../state.ts";
import type { ClaimedCheck } from "./claim.ts";

/** Longest message kept; a line on a screen is shorter. */
const MESSAGE_MAX = 300;
/** What its column holds: 24 days. A clock that was set ahead makes a run look later than that. */
const LONGEST_LAG_MS = 2_147_483_647;
/** Most components kept of one document. */
const MOST_COMPONENTS = 100;

export type Finished = {
  check: ClaimedCheck;
  reading: Reading;
  observedAt: Date;
  nextDueAt: Date;
  startLagMs: number;
  next: CheckState;
};

/** Completes a run: the state that follows from what it found. */
export function finish(run: Omit<Finished, "next">): Finished {
  const { check, reading, observedAt } = run;
  const message = reading.message.slice(0, MESSAGE_MAX);
  return { ...run, next: nextState(check, { verdict: reading.verdict, message, at: observedAt }, check) };
}

const isNews = ({ check, next }: Finished) => next.state !== check.state || (next.state !== "up" && next.stateReason !== check.stateReason);

/** The batch as a relation `r`, one array a column. */
function relation(batch: readonly Finished[]): Prisma.Sql {
  const column = <Value>(value: (run: Finished) => Value) => batch.map(value);
  return Prisma.sql`SELECT * FROM unnest(
    ${column((run) => run.check.id)}::text[], ${column((run) => run.check.leaseToken)}::int[], ${column((run) => run.check.revision)}::int[],
    ${column((run) => run.check.dueAt)}::timestamptz[], ${column((run) => run.nextDueAt)}::timestamptz[], ${column((run) => run.observedAt)}::timestamptz[],
    ${column((run) => run.reading.verdict)}::text[], ${column((run) => run.reading.latencyMs)}::float8[],
    ${column((run) => (run.reading.latencyMs === null ? null : bucketOf(run.reading.latencyMs)))}::smallint[],
    ${column((run) => run.reading.httpStatus ?? null)}::smallint[], ${column((run) => run.reading.message.slice(0, MESSAGE_MAX))}::text[],
    ${column((run) => Math.min(LONGEST_LAG_MS, Math.round(run.startLagMs)))}::int[], ${column((run) => run.reading.certificateExpiresAt ?? null)}::timestamptz[],
    ${column((run) => run.check.state)}::text[], ${column((run) => run.next.state)}::text[], ${column((run) => run.next.stateSince)}::timestamptz[],
    ${column((run) => run.next.stateReason)}::text[], ${column((run) => run.next.consecutiveFailures)}::int[],
    ${column((run) => run.next.consecutiveSuccesses)}::int[], ${column((run) => run.next.lastKnownAt)}::timestamptz[],
    ${column((run) => toColumn(phasesOf(run.reading.timings)))}::text[])
    AS r(check_id, token, revision, due_at, next_due_at, observed_at, verdict, latency_ms, latency_bucket, http_status, message, start_lag_ms,
      certificate_expires_at, from_state, state, state_since, state_reason, consecutive_failures, consecutive_successes, last_known_at, phases)`;
}

/** One statement for results, checks and transitions; checks are locked in the order of their ids, as everywhere. Returns the ids of the checks whose results counted. */
async function writeResults(ctx: Context, batch: readonly Finished[]): Promise<Set<string>> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH claimed AS MATERIALIZED (${relation(batch)}),
    locked AS MATERIALIZED (SELECT id FROM service_check WHERE id IN (SELECT check_id FROM claimed) ORDER BY id FOR NO KEY UPDATE),
    r AS MATERIALIZED (SELECT claimed.* FROM claimed JOIN locked ON locked.id = claimed.check_id),
    settled AS (
      UPDATE service_check c SET lease_until = NULL, lease_token = c.lease_token + 1,
        next_due_at = CASE WHEN c.next_due_at = r.due_at THEN r.next_due_at ELSE c.next_due_at END,
        state = r.state::service_state, state_since = r.state_since, state_reason = r.state_reason,
        consecutive_failures = r.consecutive_failures, consecutive_successes = r.consecutive_successes,
        last_verdict = r.verdict::service_state, last_result_at = r.observed_at, last_latency_ms = r.latency_ms, last_message = r.message,
        last_known_at = r.last_known_at, certificate_expires_at = coalesce(r.certificate_expires_at, c.certificate_expires_at)
      FROM r WHERE c.id = r.check_id AND c.lease_token = r.token AND c.revision = r.revision
      RETURNING c.id, c.service_id, c.name),
    released AS (
      UPDATE service_check c SET lease_until = NULL
      FROM r WHERE c.id = r.check_id AND c.lease_token = r.token AND c.revision <> r.revision),
    results AS (
      INSERT INTO series.check_result (check_id, observed_at, verdict, latency_ms, latency_bucket, http_status, message, start_lag_ms, phases_ms)
      SELECT r.check_id, r.observed_at, r.verdict::service_state, r.latency_ms, r.latency_bucket, r.http_status, r.message, r.start_lag_ms, r.phases::real[]
      FROM r JOIN settled ON settled.id = r.check_id ON CONFLICT DO NOTHING),
    changes AS (
      INSERT INTO service_transition (at, service_id, check_id, check_name, from_state, to_state, reason)
      SELECT r.state_since, settled.service_id, settled.id, settled.name, r.from_state::service_state, r.state::service_state, r.state_reason
      FROM r JOIN settled ON settled.id = r.check_id WHERE r.state <> r.from_state)
    SELECT id FROM settled`;
  return new Set(rows.map((row) => row.id));
}

/** Keeps what health documents reported, one row a component; `observed_at` moves only when the verdict changes. */
async function writeComponents(ctx: Context, batch: readonly Finished[]): Promise<void> {
  const rows = batch.flatMap(({ check, reading, observedAt }) => {
    const byName = new Map(reading.components.slice(0, MOST_COMPONENTS).map((component) => [component.name, component]));
    return [...byName.values()].map((component) => ({ ...component, checkId: check.id, seenAt: observedAt }));
  });
  if (rows.length === 0) return;
  await ctx.db.$executeRaw`
    INSERT INTO service_component AS k (check_id, name, verdict, detail, value, unit, observed_at, last_seen_at)
    SELECT r.check_id, r.name, r.verdict::service_state, coalesce(r.detail, ''), r.value, r.unit, r.seen_at, r.seen_at
    FROM unnest(${rows.map((row) => row.checkId)}::text[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.verdict)}::text[],
      ${rows.map((row) => row.detail)}::text[], ${rows.map((row) => row.value ?? null)}::float8[], ${rows.map((row) => row.unit ?? null)}::text[],
      ${rows.map((row) => row.seenAt)}::timestamptz[]) AS r(check_id, name, verdict, detail, value, unit, seen_at)
    ON CONFLICT (check_id, name) DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail, value = excluded.value, unit = excluded.unit,
      observed_at = CASE WHEN k.verdict = excluded.verdict THEN k.observed_at ELSE excluded.observed_at END, last_seen_at = excluded.last_seen_at`;
}

async function write(ctx: Context, batch: readonly Finished[]): Promise<Finished[]> {
  const ids = await writeResults(ctx, batch);
  const counted = batch.filter((run) => ids.has(run.check.id));
  await writeComponents(ctx, counted);
  const news = counted.filter(isNews);
  if (news.length > 0) {
    const at = new Date(Math.max(...news.map((run) => run.observedAt.getTime())));
    await refreshServiceStates(ctx, news.map((run) => run.check.serviceId), at);
  }
  const services = [...new Set(counted.map((run) => run.check.serviceId))];
  if (services.length > 0) await announce(ctx, services.length === 1 ? { topic: "services", id: services[0] } : { topic: "services" });
  return counted;
}

/** Writes a batch; all of it or nothing. Returns the runs that counted. */
export async function record(ctx: Context, batch: readonly Finished[]): Promise<Finished[]> {
  if (batch.length === 0) return [];
  const isPlain = !batch.some((run) => isNews(run) || run.reading.components.length > 0);
  return isPlain ? write(ctx, batch) : inTransaction(ctx, (tx) => write(tx, batch));
}
