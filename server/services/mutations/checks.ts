/** Changes of checks. Each one that alters what is measured fences out a run that is under way. */
import type { Check, Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type { CheckConfig } from "../check-config.ts";
import { carrySecrets, openConfig, sealConfig } from "../check-secrets.ts";
import { findCheck, findService, getCheck } from "../queries/index.ts";
import { toCheckRow } from "../queries/rows.ts";
import type { AddCheck, CheckRow, UpdateCheck } from "../schema.ts";
import { completeHeartbeat } from "../heartbeat.ts";
import { insertCheck, makeDue, refreshServiceStates, takeOffSchedule } from "./rows.ts";

/** More checks on one service are a sign that it is several services. */
const MOST_CHECKS = 50;

function refuseSelf(kind: string): void {
  if (kind === "self") throw new AppError("precondition", "The console's check of itself is made by the console and stays as it is.");
}

async function record(ctx: Context, check: Pick<Check, "id" | "serviceId">, entry: { action: `services.${string}`; summary: string; before?: unknown; after?: unknown }) {
  await audit(ctx, { ...entry, target: { kind: "check", id: check.id } });
  await announce(ctx, { topic: "services", id: check.serviceId });
}

/** Adds a check to a service; it runs at once. Throws `precondition` when the service is archived or has 50 checks. */
export async function addCheck(ctx: Context, input: AddCheck): Promise<CheckRow> {
  const { id: serviceId, config, ...rules } = input;
  refuseSelf(config.kind);
  return inTransaction(ctx, async (tx) => {
    const service = await findService(tx, serviceId);
    if (service.archivedAt) throw new AppError("precondition", `${service.name} is archived. Restore it before adding checks.`);
    if (service.checks.length >= MOST_CHECKS) throw new AppError("precondition", `${service.name} has ${MOST_CHECKS} checks, the most there may be.`);
    const id = await insertCheck(tx, service.id, { ...rules, config: completeHeartbeat(carrySecrets(config, null)) });
    const row = await getCheck(tx, { id });
    await record(tx, row, { action: "services.addCheck", summary: `Added the check ${row.name} to ${service.name}`, after: { ...rules, config: row.config } });
    return row;
  });
}

/** Changed configuration and rules of a check as columns; a changed target starts over as unknown. */
function changesOf(ctx: Context, before: Check, input: UpdateCheck): Prisma.CheckUpdateManyMutationInput {
  const { id: _id, revision: _revision, config, ...rules } = input;
  if (!config) return rules;
  const stored = openConfig(before.config as CheckConfig);
  if (config.kind !== stored.kind) throw new AppError("invalid", "The kind of a check cannot change. Add a new check instead.");
  return {
    ...rules,
    config: sealConfig(completeHeartbeat(carrySecrets(config, stored), stored)),
    state: "unknown",
    stateSince: before.state === "unknown" ? before.stateSince : ctx.now(),
    stateReason: "Changed, no result yet",
    consecutiveFailures: 0,
    consecutiveSuccesses: 0,
    certificateExpiresAt: null,
  };
}

/** Changes a check; masked secrets that come back are kept. It runs again at once. Throws `conflict` when somebody else changed it first. */
export async function updateCheck(ctx: Context, input: UpdateCheck): Promise<CheckRow> {
  return inTransaction(ctx, async (tx) => {
    const before = await findCheck(tx, input.id);
    refuseSelf(before.kind);
    const changes = changesOf(tx, before, input);
    const { count } = await tx.db.check.updateMany({
      where: { id: before.id, revision: input.revision },
      data: { ...changes, revision: { increment: 1 }, updatedAt: tx.now() },
    });
    if (count === 0) throw new AppError("conflict", "Somebody else changed this check meanwhile. Nothing was saved; reload and try again.");
    if (!before.service.archivedAt) await makeDue(tx, { checkId: before.id });
    if (input.config) await tx.db.component.deleteMany({ where: { checkId: before.id } });
    await refreshServiceStates(tx, [before.serviceId]);
    const row = await getCheck(tx, { id: before.id });
    await record(tx, row, {
      action: "services.updateCheck",
      summary: `Changed the check ${row.name} of ${before.service.name}`,
      before: toCheckRow(before, tx.now()),
      after: row,
    });
    return row;
  });
}

/** Removes a check. Its transitions stay in the service's timeline; its results go with retention. */
export async function removeCheck(ctx: Context, input: { id: string }): Promise<{ ok: true }> {
  return inTransaction(ctx, async (tx) => {
    const check = await findCheck(tx, input.id);
    refuseSelf(check.kind);
    const { count } = await tx.db.check.deleteMany({ where: { id: check.id } });
    if (count === 0) throw new AppError("conflict", "Somebody else removed this check meanwhile.");
    await refreshServiceStates(tx, [check.serviceId]);
    await record(tx, check, { action: "services.removeCheck", summary: `Removed the check ${check.name} of ${check.service.name}`, before: toCheckRow(check, tx.now()) });
    return { ok: true };
  });
}

/** Stops a check until it is resumed; its time is not charged. Throws `conflict` when it is paused. */
export async function pauseCheck(ctx: Context, input: { id: string }): Promise<CheckRow> {
  return inTransaction(ctx, async (tx) => {
    const check = await findCheck(tx, input.id);
    const { count } = await tx.db.check.updateMany({
      where: { id: check.id, pausedAt: null },
      data: { pausedAt: tx.now(), updatedAt: tx.now() },
    });
    if (count === 0) throw new AppError("conflict", `The check ${check.name} is paused already.`);
    await takeOffSchedule(tx, { checkId: check.id });
    await refreshServiceStates(tx, [check.serviceId]);
    await record(tx, check, { action: "services.pauseCheck", summary: `Paused the check ${check.name} of ${check.service.name}` });
    return getCheck(tx, { id: check.id });
  });
}

/** Starts a paused check again, as unknown until its first result. Throws `conflict` when it is not paused. */
export async function resumeCheck(ctx: Context, input: { id: string }): Promise<CheckRow> {
  return inTransaction(ctx, async (tx) => {
    const check = await findCheck(tx, input.id);
    const fresh = { state: "unknown", stateSince: tx.now(), stateReason: "Resumed, no result yet", consecutiveFailures: 0, consecutiveSuccesses: 0 } as const;
    const { count } = await tx.db.check.updateMany({
      where: { id: check.id, pausedAt: { not: null } },
      data: { ...fresh, pausedAt: null, lastKnownAt: null, updatedAt: tx.now(), revision: { increment: 1 } },
    });
    if (count === 0) throw new AppError("conflict", `The check ${check.name} is not paused.`);
    if (!check.service.archivedAt) await makeDue(tx, { checkId: check.id });
    await refreshServiceStates(tx, [check.serviceId]);
    await record(tx, check, { action: "services.resumeCheck", summary: `Resumed the check ${check.name} of ${check.service.name}` });
    return getCheck(tx, { id: check.id });
  });
}

/** Makes a check due now and returns at once; the live event `services` brings the result. Throws `precondition` when it cannot run. */
export async function runCheckNow(ctx: Context, input: { id: string }): Promise<CheckRow> {
  return inTransaction(ctx, async (tx) => {
    const check = await findCheck(tx, input.id);
    if (check.service.archivedAt || (await makeDue(tx, { checkId: check.id })) === 0) {
      throw new AppError("precondition", `The check ${check.name} is paused or its service is archived, so it was not run.`);
    }
    await record(tx, check, { action: "services.runCheck", summary: `Ran the check ${check.name} of ${check.service.name} by hand` });
    return getCheck(tx, { id: check.id });
  });
}

/** Makes all unpaused checks of a service due now. Throws `precondition` when there is none. */
export async function runServiceNow(ctx: Context, input: { id: string }): Promise<{ checks: number }> {
  return inTransaction(ctx, async (tx) => {
    const service = await findService(tx, input.id);
    const checks = service.archivedAt ? 0 : await makeDue(tx, { serviceId: service.id });
    if (checks === 0) throw new AppError("precondition", `${service.name} has no check that can run now.`);
    await audit(tx, { action: "services.runChecks", target: { kind: "service", id: service.id }, summary: `Ran the checks of ${service.name} by hand` });
    await announce(tx, { topic: "services", id: service.id });
    return { checks };
  });
}
