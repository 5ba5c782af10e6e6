/** Steps that several mutations take on rows of checks and services, always inside the caller's transaction. */
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { describeTarget, type CheckConfig, type HeartbeatCheck } from "../check-config.ts";
import { sealConfig } from "../check-secrets.ts";
import { INTERVAL_SECONDS, TIMEOUT_MS, type State } from "../schema.ts";
import { rollUpService } from "../state.ts";

export type NewCheck = {
  config: CheckConfig;
  name?: string;
  intervalSeconds?: number;
  timeoutMs?: number;
  failuresBeforeDown?: number;
  successesBeforeUp?: number;
};

const NAME_MAX = 80;
/** So many new rows make the database's own counts wrong where few were before. */
const MANY_CHECKS = 100;

/** A name for a check that was given none: what it looks at. */
function defaultName(config: CheckConfig): string {
  const target = config.kind === "http" ? new URL(config.url) : null;
  const text = target ? `${target.host}${target.pathname === "/" ? "" : target.pathname}` : describeTarget(config);
  return text.slice(0, NAME_MAX);
}

/** Inserts a check, secrets sealed, due at once. Returns its id. */
export async function insertCheck(ctx: Context, serviceId: string, check: NewCheck): Promise<string> {
  const [id = ""] = await insertChecks(ctx, [{ serviceId, check }]);
  return id;
}

/** Inserts checks, secrets sealed, due at once, in a few statements however many they are. Returns their ids in the same order. */
export async function insertChecks(ctx: Context, checks: readonly { serviceId: string; check: NewCheck }[]): Promise<string[]> {
  const rows = checks.map(({ serviceId, check }) => rowOf(ctx.now(), serviceId, check));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  await ctx.db.check.createMany({ data: rows });
  for (const [index, { check }] of checks.entries()) {
    if (check.config.kind === "heartbeat") await insertHeartbeat(ctx, ids[index] ?? "", check.config);
  }
  await ctx.db.$executeRaw`UPDATE service_check SET next_due_at = now() WHERE id = ANY(${ids})`;
  await refreshServiceStates(ctx, checks.map(({ serviceId }) => serviceId));
  // Until the database counts again by itself, it would claim thousands of checks as if there were a handful.
  if (ids.length >= MANY_CHECKS) await ctx.db.$executeRaw`ANALYZE service_check`;
  return ids;
}

function rowOf(now: Date, serviceId: string, check: NewCheck) {
  return {
    id: newId("chk", now),
    serviceId,
    kind: check.config.kind,
    name: check.name ?? defaultName(check.config),
    config: sealConfig(check.config),
    intervalSeconds: check.intervalSeconds ?? INTERVAL_SECONDS.default,
    timeoutMs: check.timeoutMs ?? TIMEOUT_MS.default,
    failuresBeforeDown: check.failuresBeforeDown,
    successesBeforeUp: check.successesBeforeUp,
    stateSince: now,
    stateReason: "No result yet",
    phase: Math.random(),
    createdAt: now,
    updatedAt: now,
  };
}

/** The row that pings are kept in. Throws AppError `conflict` when another check has this address already. */
async function insertHeartbeat(ctx: Context, checkId: string, { pingId }: HeartbeatCheck): Promise<void> {
  if (pingId === undefined) throw new AppError("internal", "A heartbeat was to be kept without its address.");
  const [row] = await ctx.db.$queryRaw<{ id: string }[]>`
    INSERT INTO heartbeat (check_id, ping_id, created_at) VALUES (${checkId}, ${pingId}::uuid, ${ctx.now()}) ON CONFLICT (ping_id) DO NOTHING RETURNING check_id AS id`;
  if (!row) throw new AppError("conflict", "Another check has this ping address already. Leave it out to get a new one.");
}

type Which = { checkId: string } | { serviceId: string };

/** Checks are always locked in the order of their ids, and before their service: two orders could deadlock. */
function chosenBy(which: Which): Prisma.Sql {
  if ("checkId" in which) return Prisma.sql`id = ${which.checkId}`;
  return Prisma.sql`id IN (SELECT id FROM service_check WHERE service_id = ${which.serviceId} ORDER BY id FOR NO KEY UPDATE)`;
}

/** Makes unpaused checks due now, by the database's clock. A run that is under way finishes first. */
export async function makeDue(ctx: Context, which: Which): Promise<number> {
  const chosen = chosenBy(which);
  return ctx.db.$executeRaw`UPDATE service_check SET next_due_at = now() WHERE ${chosen} AND paused_at IS NULL`;
}

/** Takes checks off the schedule. A run that is under way finishes, but its result will be discarded. */
export async function takeOffSchedule(ctx: Context, which: Which): Promise<void> {
  const chosen = chosenBy(which);
  await ctx.db.$executeRaw`UPDATE service_check SET next_due_at = NULL, revision = revision + 1 WHERE ${chosen}`;
}

type Rolled = { id: string; from: State; state: State; reason: string };

/**
 * Computes the states of services from their checks again and records changes, as of `at`. The rows are locked in the
 * order of their ids, so writers take turns and the last one sees what all others wrote. The lock is the one that rows
 * which refer to a service do not wait for: inserting a check or a transition before it must not make two wait for each other.
 */
export async function refreshServiceStates(ctx: Context, serviceIds: readonly string[], at: Date = ctx.now()): Promise<void> {
  const ids = [...new Set(serviceIds)];
  const services = await ctx.db.$queryRaw<{ id: string; state: State; reason: string }[]>`
    SELECT id, state::text AS state, state_reason AS reason FROM service WHERE id = ANY(${ids}) ORDER BY id FOR NO KEY UPDATE`;
  const checks = await ctx.db.check.findMany({
    where: { serviceId: { in: ids } },
    select: { serviceId: true, name: true, state: true, stateReason: true, pausedAt: true },
    orderBy: { createdAt: "asc" },
  });
  const checksOf = Map.groupBy(checks, (check) => check.serviceId);
  const rolled = services.flatMap((service): Rolled[] => {
    const own = (checksOf.get(service.id) ?? []).map((check) => ({ ...check, isPaused: check.pausedAt !== null }));
    const next = rollUpService(own);
    return next.state === service.state && next.reason === service.reason ? [] : [{ id: service.id, from: service.state, ...next }];
  });
  if (rolled.length === 0) return;
  await ctx.db.$executeRaw`
    UPDATE service s SET state = r.state::service_state, state_reason = r.reason,
      state_since = CASE WHEN s.state::text = r.state THEN s.state_since ELSE ${at} END
    FROM unnest(${rolled.map(({ id }) => id)}::text[], ${rolled.map(({ state }) => state)}::text[], ${rolled.map(({ reason }) => reason)}::text[]) AS r(id, state, reason)
    WHERE s.id = r.id`;
  const changed = rolled.filter(({ from, state }) => from !== state);
  await ctx.db.transition.createMany({ data: changed.map(({ id, from, state, reason }) => ({ at, serviceId: id, from, to: state, reason })) });
}
