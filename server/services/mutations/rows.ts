/** Steps that several mutations take on rows of checks and services, always inside the caller's transaction. */
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { describeTarget, type CheckConfig } from "../check-config.ts";
import { sealConfig } from "../check-secrets.ts";
import { INTERVAL_SECONDS, TIMEOUT_MS } from "../schema.ts";
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

/** A name for a check that was given none: what it looks at. */
function defaultName(config: CheckConfig): string {
  const target = config.kind === "http" ? new URL(config.url) : null;
  const text = target ? `${target.host}${target.pathname === "/" ? "" : target.pathname}` : describeTarget(config);
  return text.slice(0, NAME_MAX);
}

/** Inserts a check, secrets sealed, due at once. Returns its id. */
export async function insertCheck(ctx: Context, serviceId: string, check: NewCheck): Promise<string> {
  const now = ctx.now();
  const id = newId("chk", now);
  await ctx.db.check.create({
    data: {
      id,
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
    },
  });
  await makeDue(ctx, { checkId: id });
  await refreshServiceState(ctx, serviceId);
  return id;
}

/** Makes unpaused checks due now, by the database's clock. A run that is under way finishes first. */
export async function makeDue(ctx: Context, which: { checkId: string } | { serviceId: string }): Promise<number> {
  const chosen = "checkId" in which ? Prisma.sql`id = ${which.checkId}` : Prisma.sql`service_id = ${which.serviceId}`;
  return ctx.db.$executeRaw`UPDATE service_check SET next_due_at = now() WHERE ${chosen} AND paused_at IS NULL`;
}

/** Takes checks off the schedule. A run that is under way is fenced out: its result will be discarded. */
export async function releaseClaims(ctx: Context, which: { checkId: string } | { serviceId: string }): Promise<void> {
  const chosen = "checkId" in which ? Prisma.sql`id = ${which.checkId}` : Prisma.sql`service_id = ${which.serviceId}`;
  await ctx.db.$executeRaw`UPDATE service_check SET next_due_at = NULL, lease_token = lease_token + 1 WHERE ${chosen}`;
}

/** Computes the state of a service from its checks again and records a change. The service row is locked, so writers take turns. */
export async function refreshServiceState(ctx: Context, serviceId: string): Promise<void> {
  await ctx.db.$queryRaw`SELECT 1 FROM service WHERE id = ${serviceId} FOR UPDATE`;
  const service = await ctx.db.service.findUniqueOrThrow({ where: { id: serviceId }, include: { checks: { orderBy: { createdAt: "asc" } } } });
  const rolled = rollUpService(service.checks.map((check) => ({ ...check, isPaused: check.pausedAt !== null })));
  if (rolled.state === service.state && rolled.reason === service.stateReason) return;
  const isChanged = rolled.state !== service.state;
  const now = ctx.now();
  await ctx.db.service.update({
    where: { id: serviceId },
    data: { state: rolled.state, stateReason: rolled.reason, ...(isChanged ? { stateSince: now } : {}) },
  });
  if (!isChanged) return;
  await ctx.db.transition.create({ data: { at: now, serviceId, from: service.state, to: rolled.state, reason: rolled.reason } });
}
