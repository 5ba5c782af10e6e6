/** Changes of plans. A plan is saved with what its pre-flight found; one that cannot run yet may be saved, and says so. */
import type { BackupStore } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { nextRuns, readSchedule } from "../../platform/cron.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { nextDrill } from "../cadence.ts";
import { preflight, type PreflightReport } from "../preflight.ts";
import { findPlan, getPlan, type PlanWithStores } from "../queries/index.ts";
import type { CheckPlan, CreatePlan, DrillRules, Hooks, PlanDetail, PlanSource, Preflight, RetentionPolicy, UpdatePlan } from "../schema.ts";
import { defaultRetention } from "../schema.ts";
import { carryDrillServer, carryHooks, carrySource, openHooks, openSource, sealDrillServer, sealHooks, sealSource } from "../secrets.ts";
import { labelOfSource, natureOf } from "../source-words.ts";
import { drillServerOf, sourceFrom, storeOf } from "../world.ts";
import { freeSlug, refuseFilesOfOthers, uniqueSlug } from "./plan-rules.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
const conflict = () => new AppError("conflict", "Somebody else changed this plan meanwhile. Nothing was saved; reload and try again.");

/** What the audit trail keeps of a plan; who and when stand beside it. */
const recorded = (plan: PlanDetail) => ({ ...plan, standing: undefined, updatedAt: undefined, updatedBy: undefined });

export async function recordPlan(ctx: Context, plan: { id: string }, entry: { action: `backups.${string}`; summary: string; before?: unknown; after?: unknown }): Promise<void> {
  await audit(ctx, { ...entry, target: { kind: "backupPlan", id: plan.id } });
  await announce(ctx, { topic: "backups", id: plan.id });
}

/** Throws `invalid` when the service does not exist or is archived. */
async function refuseUnknownService(ctx: Context, serviceId: string | null | undefined): Promise<void> {
  if (!serviceId || (await ctx.db.service.findFirst({ where: { id: serviceId, archivedAt: null }, select: { id: true } }))) return;
  throw new AppError("invalid", "The chosen service does not exist any more. Nothing was saved.", { detail: { fields: { serviceId: "Choose again" } } });
}

/** Stores by id, all of them in use. Throws `invalid`. */
async function readStores(ctx: Context, ids: readonly string[]): Promise<BackupStore[]> {
  const stores = await ctx.db.backupStore.findMany({ where: { id: { in: [...ids] }, archivedAt: null } });
  if (stores.length !== new Set(ids).size) throw new AppError("invalid", "A chosen store does not exist any more. Nothing was saved.", { detail: { fields: { stores: "Choose again" } } });
  return stores;
}

async function look(ctx: Context, wanted: { source: PlanSource; engine: CreatePlan["engine"]; stores: BackupStore[]; lastBytes: number | null; drillServerUrl: string | null }): Promise<PreflightReport> {
  const stores = await Promise.all(wanted.stores.map(async (row) => ({ id: row.id, name: row.name, store: await storeOf(ctx, row) })));
  return preflight(ctx, { source: sourceFrom(wanted.source), wish: wanted.engine, stores, lastBytes: wanted.lastBytes, drillServerUrl: wanted.drillServerUrl });
}

const wrongDrillServer = (message: string) => new AppError("invalid", message, { detail: { fields: { drillServerUrl: message } } });

/** The drill server of a plan with its kept password. Throws `invalid` for files, which need no server. */
function readDrillServer(next: string | null, { source, known }: { source: PlanSource | null; known: string | null }): string | null {
  if (next === null) return null;
  if (source !== null && natureOf(source.kind) !== "database") throw wrongDrillServer("Only backups of databases are drilled on a server.");
  return carryDrillServer(next, known);
}

/** Throws `invalid` when drills would restore where the data comes from. */
function refuseSourceAsDrillServer({ drillServerProblem }: PreflightReport): void {
  if (drillServerProblem !== null) throw wrongDrillServer(drillServerProblem);
}

async function lastBytes(ctx: Context, planId: string): Promise<number | null> {
  const run = await ctx.db.backupRun.findFirst({ where: { planId, state: "stored", bytes: { not: null } }, select: { bytes: true }, orderBy: { requestedAt: "desc" } });
  return run?.bytes ? Number(run.bytes) : null;
}

/** Tries a source and stores without saving anything. */
export async function checkPlan(ctx: Context, input: CheckPlan): Promise<Preflight> {
  refuseFilesOfOthers(ctx, input.source);
  const known = input.planId === undefined ? null : await findPlan(ctx, input.planId);
  const source = carrySource(input.source, known?.source ? openSource(known.source as PlanSource) : null);
  const report = await look(ctx, { source, engine: input.engine, stores: await readStores(ctx, input.storeIds), lastBytes: known ? await lastBytes(ctx, known.id) : null, drillServerUrl: readDrillServer(input.drillServerUrl, { source, known: known ? drillServerOf(known) : null }) });
  const { findings, mayRun, version, sourceBytes, choice } = report;
  return { findings, mayRun, version, sourceBytes, engine: choice.engine, engineReason: choice.reason };
}

const retentionOf = (store: BackupStore, source: PlanSource, chosen: RetentionPolicy | undefined): RetentionPolicy =>
  chosen ?? defaultRetention(store.kind as "local" | "s3", natureOf(source.kind));

function readTimes(ctx: Context, { cron, timeZone, drill }: { cron: string; timeZone: string; drill: DrillRules }) {
  const schedule = readSchedule({ line: cron, zone: timeZone });
  const drillRules = drill.cron === null ? drill : { ...drill, cron: readSchedule({ line: drill.cron, zone: timeZone }).line };
  const now = ctx.now();
  return { cron: schedule.line, timeZone: schedule.zone, drillRules, nextRunAt: nextRuns(schedule, now, 1)[0] ?? null, nextDrillAt: nextDrill(drillRules, timeZone, now) };
}

/** Adds a plan; its first run is the next of its schedule. Throws `invalid` with the field that is wrong. */
export async function createPlan(ctx: Context, input: CreatePlan): Promise<PlanDetail> {
  refuseFilesOfOthers(ctx, input.source);
  await refuseUnknownService(ctx, input.serviceId);
  const source = carrySource(input.source, null);
  const hooks = carryHooks(input.hooks, []);
  const times = readTimes(ctx, input);
  const stores = await readStores(ctx, input.stores.map(({ storeId }) => storeId));
  const drillServer = readDrillServer(input.drillServerUrl, { source, known: null });
  const report = await look(ctx, { source, engine: input.engine, stores, lastBytes: null, drillServerUrl: drillServer });
  refuseSourceAsDrillServer(report);
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const id = newId("pln", now);
    await tx.db.backupPlan.create({
      data: {
        id, name: input.name, slug: input.slug === undefined ? await uniqueSlug(tx, input.name) : await freeSlug(tx, input.slug), serviceId: input.serviceId, source: asJson(sealSource(source)), sourceKind: source.kind, sourceLabel: labelOfSource(source),
        engineWish: input.engine, cron: times.cron, timeZone: times.timeZone, nextRunAt: times.nextRunAt, cipher: input.cipher, rpoMinutes: input.rpoMinutes, rtoMinutes: input.rtoMinutes,
        drill: asJson(times.drillRules), nextDrillAt: times.nextDrillAt, drillServer: drillServer === null ? null : sealDrillServer(drillServer), hooks: asJson(sealHooks(hooks)), expectedBytes: input.expectedBytes, volatileTables: input.volatileTables,
        hashFullUpToBytes: input.hashFullUpToBytes, findings: asJson(report.findings), checkedAt: now, sourceVersion: report.version, createdAt: now, updatedAt: now, updatedBy: actorLabel(tx.actor),
        stores: { create: stores.map((store) => ({ storeId: store.id, retention: asJson(retentionOf(store, source, input.stores.find(({ storeId }) => storeId === store.id)?.retention)) })) },
      },
    });
    const plan = await getPlan(tx, { id });
    await recordPlan(tx, plan, { action: "backups.createPlan", summary: `Added the plan ${plan.name}`, after: recorded(plan) });
    return plan;
  });
}

type Changed = { source: PlanSource | null; drillServer: string | null; hooks: Hooks; stores: BackupStore[] | null; report: PreflightReport | null };

/** Everything that needs the network or other rows, before the transaction. */
async function prepareChange(ctx: Context, before: PlanWithStores, input: UpdatePlan): Promise<Changed> {
  if (input.source) refuseFilesOfOthers(ctx, input.source);
  if (before.isSelf && input.source && input.source.kind !== "self") throw new AppError("invalid", "This plan is of the console's own database. Add another plan for something else.");
  if (input.serviceId !== before.serviceId) await refuseUnknownService(ctx, input.serviceId);
  const known = before.source === null ? null : openSource(before.source as PlanSource);
  const source = input.source ? carrySource(input.source, known) : known;
  if (known && source && natureOf(known.kind) !== natureOf(source.kind)) throw new AppError("invalid", "A plan stays with databases or with files. Add another plan instead.");
  const hooks = input.hooks ? carryHooks(input.hooks, openHooks(before.hooks as Hooks)) : openHooks(before.hooks as Hooks);
  const stores = input.stores ? await readStores(ctx, input.stores.map(({ storeId }) => storeId)) : null;
  const drillServer = input.drillServerUrl === undefined ? drillServerOf(before) : readDrillServer(input.drillServerUrl, { source, known: drillServerOf(before) });
  const needsLook = source !== null && (input.source !== undefined || input.drillServerUrl !== undefined || stores !== null || input.engine !== undefined);
  const engine = input.engine ?? (before.engineWish as CreatePlan["engine"]);
  const report = needsLook ? await look(ctx, { source, engine, stores: stores ?? before.stores.map(({ store }) => store), lastBytes: await lastBytes(ctx, before.id), drillServerUrl: drillServer }) : null;
  if (report) refuseSourceAsDrillServer(report);
  return { source, drillServer, hooks, stores, report };
}

async function replaceStores(ctx: Context, { before, input }: { before: PlanWithStores; input: UpdatePlan }, { source, stores }: Changed): Promise<void> {
  if (!stores || !source) return;
  await ctx.db.backupPlanStore.deleteMany({ where: { planId: before.id } });
  const former = new Map(before.stores.map(({ storeId, retention }) => [storeId, retention as RetentionPolicy]));
  await ctx.db.backupPlanStore.createMany({
    data: stores.map((store) => {
      const chosen = input.stores?.find(({ storeId }) => storeId === store.id)?.retention ?? former.get(store.id);
      return { planId: before.id, storeId: store.id, retention: asJson(retentionOf(store, source, chosen)) };
    }),
  });
}

/** Changes a plan. Masked secrets that come back are kept. Throws `conflict` when somebody else changed it first. */
export async function updatePlan(ctx: Context, input: UpdatePlan): Promise<PlanDetail> {
  const before = await findPlan(ctx, input.id);
  const changed = await prepareChange(ctx, before, input);
  const times = readTimes(ctx, { cron: input.cron ?? before.cron, timeZone: input.timeZone ?? before.timeZone, drill: input.drill ?? (before.drill as DrillRules) });
  const isTimed = input.cron !== undefined || input.timeZone !== undefined || (before.source === null && changed.source !== null);
  const shown = await getPlan(ctx, { id: before.id });
  return inTransaction(ctx, async (tx) => {
    const { name, serviceId, engine, cipher, rpoMinutes, rtoMinutes, expectedBytes, volatileTables, hashFullUpToBytes } = input;
    const { count } = await tx.db.backupPlan.updateMany({
      where: { id: before.id, revision: input.revision, archivedAt: null },
      data: {
        name, serviceId, cipher, rpoMinutes, rtoMinutes, expectedBytes, volatileTables, hashFullUpToBytes, engineWish: engine, cron: times.cron, timeZone: times.timeZone, drill: asJson(times.drillRules), drillServer: changed.drillServer === null ? null : sealDrillServer(changed.drillServer), hooks: asJson(sealHooks(changed.hooks)),
        ...(isTimed && before.pausedAt === null ? { nextRunAt: times.nextRunAt } : {}),
        ...(input.drill !== undefined || isTimed ? { nextDrillAt: times.nextDrillAt } : {}),
        ...(changed.source && input.source ? { source: asJson(sealSource(changed.source)), sourceKind: changed.source.kind, sourceLabel: labelOfSource(changed.source) } : {}),
        ...(changed.report ? { findings: asJson(changed.report.findings), checkedAt: tx.now(), sourceVersion: changed.report.version } : {}),
        revision: { increment: 1 }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor),
      },
    });
    if (count === 0) throw conflict();
    await replaceStores(tx, { before, input }, changed);
    const plan = await getPlan(tx, { id: before.id });
    await recordPlan(tx, plan, { action: "backups.updatePlan", summary: `Changed the plan ${plan.name}`, before: recorded(shown), after: recorded(plan) });
    return plan;
  });
}

type Switch = { action: `backups.${string}`; word: string; where: Prisma.BackupPlanWhereInput; data: (ctx: Context, plan: PlanWithStores) => Prisma.BackupPlanUpdateManyMutationInput };

async function turn(ctx: Context, id: string, what: Switch): Promise<PlanDetail> {
  return inTransaction(ctx, async (tx) => {
    const before = await findPlan(tx, id);
    const { count } = await tx.db.backupPlan.updateMany({ where: { id: before.id, ...what.where }, data: { ...what.data(tx, before), revision: { increment: 1 }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) } });
    if (count === 0) throw new AppError("conflict", `${before.name} is not in a state where it can be ${what.word}. Reload and look again.`);
    const plan = await getPlan(tx, { id: before.id });
    await recordPlan(tx, plan, { action: what.action, summary: `${what.word.slice(0, 1).toUpperCase()}${what.word.slice(1)} the plan ${plan.name}` });
    return plan;
  });
}

const nextOf = (ctx: Context, plan: PlanWithStores) => (plan.source === null ? null : (nextRuns({ line: plan.cron, zone: plan.timeZone }, ctx.now(), 1)[0] ?? null));

/** Plans no further run until it is resumed; a run under way goes on. */
export const pausePlan = (ctx: Context, input: { id: string }): Promise<PlanDetail> =>
  turn(ctx, input.id, { action: "backups.pausePlan", word: "paused", where: { pausedAt: null, archivedAt: null }, data: (tx) => ({ pausedAt: tx.now(), nextRunAt: null }) });

/** Plans runs again, from the next of the schedule on. */
export const resumePlan = (ctx: Context, input: { id: string }): Promise<PlanDetail> =>
  turn(ctx, input.id, { action: "backups.resumePlan", word: "resumed", where: { pausedAt: { not: null }, archivedAt: null }, data: (tx, plan) => ({ pausedAt: null, nextRunAt: nextOf(tx, plan) }) });

/** Takes a plan out of use. Its backups stay in their stores and keep being listed. Throws `conflict` while a run goes on. */
export const archivePlan = (ctx: Context, input: { id: string }): Promise<PlanDetail> =>
  turn(ctx, input.id, {
    action: "backups.archivePlan",
    word: "archived",
    where: { archivedAt: null, runs: { none: { activeKey: { not: null } } }, drills: { none: { activeKey: { not: null } } }, restores: { none: { activeKey: { not: null } } } },
    data: (tx) => ({ archivedAt: tx.now(), nextRunAt: null, nextDrillAt: null }),
  });

/** Takes an archived plan back into use. */
export const unarchivePlan = (ctx: Context, input: { id: string }): Promise<PlanDetail> =>
  turn(ctx, input.id, { action: "backups.unarchivePlan", word: "restored", where: { archivedAt: { not: null } }, data: (tx, plan) => ({ archivedAt: null, nextRunAt: plan.pausedAt ? null : nextOf(tx, plan), nextDrillAt: nextDrill(plan.drill as DrillRules, plan.timeZone, tx.now()) }) });
