/**
 * Repairs, run every few seconds by each worker: what a clock that stepped back left in the future, and states that
 * nobody has confirmed lately. Both are idempotent and skip rows that others hold.
 */
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { refreshServiceStates } from "../mutations/rows.ts";
import { STALE_REASON } from "../queries/rows.ts";
import { CATCH_UP_SECONDS } from "../schedule.ts";
import { LEASE_MARGIN_MS, wentStale } from "./claim.ts";

/** A slot is at most one interval away and a lease at most its length: what lies further ahead, by more than this, was set before the clock stepped back. */
const STEP_SECONDS = 5;

/** Brings due times and leases back that lie further ahead than they can. A lease is shortened, never ended: its run may still be under way. */
export async function repairClockStep(ctx: Context): Promise<number> {
  const due = await ctx.db.$executeRaw`
    UPDATE service_check SET next_due_at = now() + make_interval(secs => phase * least(interval_seconds, ${CATCH_UP_SECONDS}))
    WHERE next_due_at > now() + make_interval(secs => interval_seconds + ${STEP_SECONDS})`;
  const leases = await ctx.db.$executeRaw`
    UPDATE service_check SET lease_until = now() + make_interval(secs => (timeout_ms + ${LEASE_MARGIN_MS}) / 1000.0)
    WHERE lease_until > now() + make_interval(secs => (timeout_ms + ${LEASE_MARGIN_MS}) / 1000.0 + ${STEP_SECONDS})`;
  return due + leases;
}

type Expired = { serviceId: string; at: Date };

/**
 * Records as unknown what no fresh result confirms (the rule of `isStale`), dated to the moment it went stale, so that
 * a gap in watching is unknown time and neither up nor down. Returns how many checks changed.
 */
export async function reapStale(ctx: Context): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const expired = await tx.db.$queryRaw<Expired[]>`
      WITH stale AS (
        SELECT id, state, last_known_at + greatest(3 * interval_seconds, 60) * interval '1 second' AS at FROM service_check
        WHERE next_due_at IS NOT NULL AND paused_at IS NULL AND ${wentStale}
          AND (lease_until IS NULL OR lease_until <= now())
        ORDER BY id FOR UPDATE SKIP LOCKED),
      reaped AS (
        UPDATE service_check c SET state = 'unknown', state_since = stale.at, state_reason = ${STALE_REASON}, consecutive_failures = 0,
          consecutive_successes = 0, lease_token = c.lease_token + 1
        FROM stale WHERE c.id = stale.id
        RETURNING c.id, c.service_id, c.name, stale.state AS from_state, stale.at),
      noted AS (
        INSERT INTO service_transition (at, service_id, check_id, check_name, from_state, to_state, reason)
        SELECT at, service_id, id, name, from_state, 'unknown', ${STALE_REASON} FROM reaped)
      SELECT service_id AS "serviceId", at FROM reaped`;
    for (const [at, group] of Map.groupBy(expired, (row) => row.at.getTime())) {
      await refreshServiceStates(tx, group.map((row) => row.serviceId), new Date(at));
    }
    if (expired.length > 0) await announce(tx, { topic: "services" });
    return expired.length;
  });
}

