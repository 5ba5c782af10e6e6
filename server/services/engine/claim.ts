/**
 * Claims: any number of workers take due checks in batches, and no check is ever taken twice at once. A claim is a lease
 * on the check's row until timeout plus margin; its token fences the result. All due-ness is by the database's clock.
 */
import type { Check } from "../../../prisma/generated/client.ts";
import { monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { CATCH_UP_SECONDS } from "../schedule.ts";

/** Beyond the check's timeout: time to write the result, twice a batch's flush and a slow commit. */
export const LEASE_MARGIN_MS = 10 * SECOND_MS;
/** Checks that wait longer than this were missed, not merely late. */
const MISSED_AFTER_SECONDS = 5;

/** True for a row whose state nobody has confirmed lately, by the database's clock: the rule of `isStale`. */
export const wentStale = Prisma.sql`state <> 'unknown' AND last_known_at + greatest(3 * interval_seconds, 60) * interval '1 second' < now()`;

type Columns =
  | "id"
  | "serviceId"
  | "name"
  | "config"
  | "intervalSeconds"
  | "timeoutMs"
  | "failuresBeforeDown"
  | "successesBeforeUp"
  | "state"
  | "stateSince"
  | "stateReason"
  | "consecutiveFailures"
  | "consecutiveSuccesses"
  | "lastKnownAt"
  | "phase"
  | "revision"
  | "leaseToken";

export type ClaimedCheck = Pick<Check, Columns> & {
  /** The slot it was due at. */
  dueAt: Date;
  /** The database's time when it was claimed, and this process's monotonic time after the answer arrived. */
  claimedAt: Date;
  claimedAtMonotonicMs: number;
};

/** The database's time now, as far as this process can tell without asking. */
export function databaseTime(claim: Pick<ClaimedCheck, "claimedAt" | "claimedAtMonotonicMs">): Date {
  return new Date(claim.claimedAt.getTime() + (monotonicMs() - claim.claimedAtMonotonicMs));
}

/**
 * Takes up to `limit` due checks, the longest waiting first. One statement: other workers skip what this one locks. What
 * went stale is left until that was recorded (repair.ts): a new result would make the gap look watched.
 */
export async function claimDue(ctx: Context, limit: number): Promise<ClaimedCheck[]> {
  const rows = await ctx.db.$queryRaw<Omit<ClaimedCheck, "claimedAtMonotonicMs">[]>`
    UPDATE service_check c
    SET lease_until = now() + make_interval(secs => (c.timeout_ms + ${LEASE_MARGIN_MS}) / 1000.0), lease_token = c.lease_token + 1
    FROM (
      SELECT id FROM service_check
      WHERE next_due_at <= now() AND (lease_until IS NULL OR lease_until <= now()) AND (${wentStale}) IS NOT TRUE
      ORDER BY next_due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
    WHERE c.id = due.id
    RETURNING c.id, c.service_id AS "serviceId", c.name, c.config, c.interval_seconds AS "intervalSeconds", c.timeout_ms AS "timeoutMs",
      c.failures_before_down AS "failuresBeforeDown", c.successes_before_up AS "successesBeforeUp", c.state::text AS state,
      c.state_since AS "stateSince", c.state_reason AS "stateReason", c.consecutive_failures AS "consecutiveFailures",
      c.consecutive_successes AS "consecutiveSuccesses", c.last_known_at AS "lastKnownAt", c.phase, c.revision,
      c.lease_token AS "leaseToken", c.next_due_at AS "dueAt", now() AS "claimedAt"`;
  const claimedAtMonotonicMs = monotonicMs();
  return rows.map((row) => ({ ...row, claimedAtMonotonicMs }));
}

/**
 * Spreads checks that were missed (no worker, no database) over the next seconds by their phase, so that all run soon
 * and not all at once. Returns how many were missed.
 */
export async function spreadMissed(ctx: Context): Promise<number> {
  return ctx.db.$executeRaw`
    UPDATE service_check SET next_due_at = now() + make_interval(secs => phase * least(interval_seconds, ${CATCH_UP_SECONDS}))
    WHERE next_due_at < now() - make_interval(secs => ${MISSED_AFTER_SECONDS}) AND (lease_until IS NULL OR lease_until <= now())`;
}

/** Gives claims back that were not started, at a graceful stop. */
export async function handBack(ctx: Context, claims: readonly Pick<ClaimedCheck, "id" | "leaseToken">[]): Promise<void> {
  if (claims.length === 0) return;
  await ctx.db.$executeRaw`
    UPDATE service_check c SET lease_until = NULL
    FROM unnest(${claims.map(({ id }) => id)}::text[], ${claims.map(({ leaseToken }) => leaseToken)}::int[]) AS r(id, token)
    WHERE c.id = r.id AND c.lease_token = r.token`;
}
