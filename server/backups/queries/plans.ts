/** Plans with how they stand. */
import type { BackupPlan, BackupPlanStore, BackupStore } from "../../../prisma/generated/client.ts";
import * as z from "zod";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { scheduleInWords } from "../../platform/cron.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import type { DrillRules, Hooks, ListPlans, PlanDetail, PlanRow, PlanSource, RetentionPolicy } from "../schema.ts";
import { maskHooks, maskPassword, maskSource, openDrillServer, openHooks, openSource } from "../secrets.ts";
import { readFacts, standingFrom, type FactsRow } from "./facts.ts";

export type PlanWithStores = BackupPlan & { stores: (BackupPlanStore & { store: BackupStore })[]; service?: NamedService | null };

type NamedService = { id: string; name: string; slug: string };

const withStores = { stores: { include: { store: true }, orderBy: { storeId: "asc" } } } as const;
const WEEK_MS = 7 * DAY_MS;

/** A plan by id or slug. Throws `not_found`. */
export async function findPlan(ctx: Context, idOrSlug: string): Promise<PlanWithStores> {
  const plan = await ctx.db.backupPlan.findFirst({ where: { OR: [{ id: idOrSlug }, { slug: idOrSlug }] }, include: { ...withStores, service: { select: { id: true, name: true, slug: true } } } });
  if (!plan) throw new AppError("not_found", `There is no plan ${idOrSlug}.`);
  return plan;
}

const rate = (stored: number, ended: number) => ({ stored, ended, ratio: ended === 0 ? null : stored / ended });

function toPlanRow(plan: PlanWithStores, facts: FactsRow, now: Date): PlanRow {
  return {
    id: plan.id,
    name: plan.name,
    slug: plan.slug,
    sourceKind: plan.sourceKind as PlanRow["sourceKind"],
    sourceLabel: plan.sourceLabel,
    sourceVersion: plan.sourceVersion,
    isSelf: plan.isSelf,
    hasSource: plan.source !== null,
    cron: plan.cron,
    timeZone: plan.timeZone,
    scheduleInWords: scheduleInWords(plan.cron),
    nextRunAt: plan.nextRunAt,
    nextDrillAt: plan.nextDrillAt,
    pausedAt: plan.pausedAt,
    archivedAt: plan.archivedAt,
    isEncrypted: plan.cipher !== "none",
    rpoMinutes: plan.rpoMinutes,
    rtoMinutes: plan.rtoMinutes,
    standing: standingFrom(plan, facts, now),
    activeRunId: facts.activeRunId,
    activeDrillId: facts.activeDrillId,
    lastBytes: facts.goodBytes === null ? null : Number(facts.goodBytes),
    lastRestoreSeconds: facts.verifiedSeconds,
    lastDrillAt: facts.drillAt,
    copies: facts.copies,
    stores: plan.stores.map(({ store }) => ({ id: store.id, name: store.name, kind: store.kind as "local" | "s3" })),
    success30d: rate(facts.stored30, facts.ended30),
    successAll: rate(facts.storedAll, facts.endedAll),
  };
}

/** Turns plans into rows. */
export async function presentPlans(ctx: Context, plans: readonly PlanWithStores[]): Promise<PlanRow[]> {
  if (plans.length === 0) return [];
  const facts = await readFacts(ctx, plans.map(({ id }) => id));
  return plans.flatMap((plan) => {
    const row = facts.get(plan.id);
    return row ? [toPlanRow(plan, row, ctx.now())] : [];
  });
}

/** Plans by name. */
export async function listPlans(ctx: Context, input: ListPlans): Promise<{ items: PlanRow[]; nextCursor: string | null }> {
  const after = decodeCursor(input.cursor, z.tuple([z.string(), z.string()]));
  const plans = await ctx.db.backupPlan.findMany({
    where: {
      archivedAt: input.archived ? { not: null } : null,
      ...(after ? { OR: [{ name: { gt: after[0] } }, { name: after[0], id: { gt: after[1] } }] } : {}),
    },
    include: withStores,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: input.limit + 1,
  });
  return toPage(await presentPlans(ctx, plans), input.limit, (row) => [row.name, row.id]);
}

/** Relative change between the newest good size and the one a week before. */
async function sizeChange(ctx: Context, planId: string): Promise<number | null> {
  const where = { planId, state: "stored", bytes: { not: null } };
  const select = { bytes: true, requestedAt: true } as const;
  const newest = await ctx.db.backupRun.findFirst({ where, select, orderBy: { requestedAt: "desc" } });
  if (!newest?.bytes) return null;
  const before = await ctx.db.backupRun.findFirst({ where: { ...where, requestedAt: { lte: new Date(newest.requestedAt.getTime() - WEEK_MS) } }, select, orderBy: { requestedAt: "desc" } });
  return before?.bytes ? Number(newest.bytes - before.bytes) / Number(before.bytes) : null;
}

/** One plan with its settings, secrets masked. */
export async function getPlan(ctx: Context, input: { id: string }): Promise<PlanDetail> {
  const plan = await findPlan(ctx, input.id);
  const facts = (await readFacts(ctx, [plan.id])).get(plan.id);
  if (!facts) throw new AppError("not_found", `There is no plan ${input.id}.`);
  return {
    ...toPlanRow(plan, facts, ctx.now()),
    source: plan.source === null ? null : maskSource(openSource(plan.source as PlanSource)),
    engine: plan.engineWish as PlanDetail["engine"],
    cipher: plan.cipher as PlanDetail["cipher"],
    retention: plan.stores.map(({ storeId, store, retention }) => ({ storeId, storeName: store.name, policy: retention as RetentionPolicy })),
    drill: plan.drill as DrillRules,
    drillServerUrl: plan.drillServer === null ? null : maskPassword(openDrillServer(plan.drillServer)),
    hooks: maskHooks(openHooks(plan.hooks as Hooks)),
    expectedBytes: plan.expectedBytes === null ? null : Number(plan.expectedBytes),
    volatileTables: plan.volatileTables,
    hashFullUpToBytes: Number(plan.hashFullUpToBytes),
    findings: plan.findings as PlanDetail["findings"],
    service: plan.service ?? null,
    checkedAt: plan.checkedAt,
    storedBytes: Number(facts.copyBytes ?? 0n),
    sizeChange7d: await sizeChange(ctx, plan.id),
    revision: plan.revision,
    createdAt: plan.createdAt,
    updatedAt: plan.updatedAt,
    updatedBy: plan.updatedBy,
  };
}
