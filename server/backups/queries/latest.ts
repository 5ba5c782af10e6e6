/** Plain facts about the backups of services in bulk, for modules that judge them: a fixed number of reads, however many plans. */
import { DAY_MS, MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { drillPeriodMs } from "../cadence.ts";
import type { DrillRules } from "../schema/drill-rules.ts";
import type { StoreConfig } from "../schema/store-config.ts";
import { RPO_GRACE_MS } from "../standing.ts";
import { isOtherPlace } from "../stores/place.ts";
import { readFacts, type FactsRow } from "./facts.ts";

/** One plan of a service. */
export type BackupFacts = {
  serviceId: string;
  planId: string;
  name: string;
  slug: string;
  /** When this was read: the catalogue is always of now. */
  at: Date;
  createdAt: Date;
  /** It has a source and is not paused: backups are taken. */
  isLive: boolean;
  isPaused: boolean;
  /** What it does with the next backup. */
  isEncrypted: boolean;
  rpoMinutes: number;
  /** Age that its data may reach: the objective and the time that a run itself may take. */
  allowedAgeMs: number;
  /** Longest time that may pass between passed drills. */
  drillPeriodMs: number;
  /** The newest backup that may be used. `offSite` are the names of stores in another place that hold it. */
  good: { runId: string; dataAsOf: Date; isEncrypted: boolean; copies: number; offSite: string[] } | null;
  /** The newest backup that a drill restored. */
  verified: { dataAsOf: Date; verifiedAt: Date } | null;
  lastDrill: { state: "passed" | "failed"; at: Date } | null;
};

type Copies = Map<string, { name: string; isElsewhere: boolean }[]>;

/** Stores that hold each of these backups. */
async function readCopies(ctx: Context, runIds: string[]): Promise<Copies> {
  const copies = runIds.length === 0 ? [] : await ctx.db.backupCopy.findMany({ where: { runId: { in: runIds }, state: "stored" }, select: { runId: true, store: { select: { name: true, config: true } } } });
  const found = Map.groupBy(copies, ({ runId }) => runId);
  return new Map([...found].map(([runId, own]) => [runId, own.map(({ store }) => ({ name: store.name, isElsewhere: isOtherPlace(store.config as StoreConfig) }))]));
}

function goodOf(row: FactsRow, copies: Copies): BackupFacts["good"] {
  if (row.goodRunId === null || row.goodAsOf === null) return null;
  const own = copies.get(row.goodRunId) ?? [];
  return { runId: row.goodRunId, dataAsOf: row.goodAsOf, isEncrypted: row.goodCipher !== null && row.goodCipher !== "none", copies: own.length, offSite: own.filter(({ isElsewhere }) => isElsewhere).map(({ name }) => name) };
}

/** Plans in use of these services. A plan of the console's own database belongs to the console's own service until another one is chosen. */
export async function latestBackupFacts(ctx: Context, serviceIds: readonly string[]): Promise<BackupFacts[]> {
  const own = (await ctx.db.service.findFirst({ where: { id: { in: [...serviceIds] }, isSelf: true }, select: { id: true } }))?.id ?? null;
  const plans = await ctx.db.backupPlan.findMany({
    where: { archivedAt: null, OR: [{ serviceId: { in: [...serviceIds] } }, ...(own === null ? [] : [{ sourceKind: "self", serviceId: null }])] },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  if (plans.length === 0) return [];
  const now = ctx.now();
  const rows = await readFacts(ctx, plans.map(({ id }) => id));
  const copies = await readCopies(ctx, [...rows.values()].flatMap(({ goodRunId }) => goodRunId ?? []));
  return plans.flatMap((plan): BackupFacts[] => {
    const [row, serviceId] = [rows.get(plan.id), plan.serviceId ?? own];
    if (!row || serviceId === null) return [];
    return [{
      serviceId, planId: plan.id, name: plan.name, slug: plan.slug, at: now, createdAt: plan.createdAt, isLive: plan.source !== null && plan.pausedAt === null, isPaused: plan.pausedAt !== null, isEncrypted: plan.cipher !== "none",
      rpoMinutes: plan.rpoMinutes, allowedAgeMs: plan.rpoMinutes * MINUTE_MS + RPO_GRACE_MS, drillPeriodMs: drillPeriodMs(plan.drill as DrillRules, plan.timeZone, now), good: goodOf(row, copies),
      verified: row.verifiedAsOf && row.verifiedAt && { dataAsOf: row.verifiedAsOf, verifiedAt: row.verifiedAt },
      lastDrill: row.drillState && row.drillAt && { state: row.drillState, at: row.drillAt },
    }];
  });
}

/** Work that was asked for longer ago than this is over, or is found by the next look at everything; it bounds what is read. */
const LOOK_BACK_MS = DAY_MS;

/** Ids of services of whose backups something changed after `since`: a plan, a run, a drill. A plan that moved counts for its new service. */
export async function listBackupChanges(ctx: Context, since: Date): Promise<string[]> {
  const asked = new Date(since.getTime() - LOOK_BACK_MS);
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT s.id FROM backup_plan p JOIN service s ON s.id = p.service_id OR (p.service_id IS NULL AND p.source_kind = 'self' AND s.is_self)
    WHERE p.updated_at > ${since}
      OR EXISTS (SELECT 1 FROM backup_run r WHERE r.plan_id = p.id AND r.requested_at > ${asked} AND r.finished_at > ${since})
      OR EXISTS (SELECT 1 FROM backup_drill d WHERE d.plan_id = p.id AND d.requested_at > ${asked} AND d.finished_at > ${since})`;
  return rows.map(({ id }) => id);
}
