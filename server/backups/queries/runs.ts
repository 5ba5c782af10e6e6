/** Runs, drills, restores and their logs. */
import * as z from "zod";
import type { BackupCopy, BackupRun, BackupStore } from "../../../prisma/generated/client.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { runState } from "../run-state.ts";
import type { Content } from "../schema/manifest.ts";
import type { DrillDetail, DrillRow, ListDrills, ListRuns, ReadLog, RestoreRow, RunDetail, RunHistory, RunRow } from "../schema.ts";
import type { Suspicion } from "../suspicion.ts";
import { findPlan } from "./plans.ts";
import { countsOf, toDrillRow, toRestoreRow, toRunRow, type RunCounts } from "./present.ts";

const withCopies = { copies: { include: { store: { select: { name: true, kind: true } } }, orderBy: { storeId: "asc" } } } as const;
const LOG_LINES = 500;
const HISTORY_MS = 92 * DAY_MS;
const MOST_HISTORY = 2_500;

/** Rows and tables of these runs, summed by the database: contents can be long. */
async function readCounts(ctx: Context, ids: readonly string[]): Promise<Map<string, RunCounts>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.$queryRaw<(RunCounts & { id: string })[]>`
    SELECT r.id, CASE WHEN jsonb_typeof(r.content->'tables') = 'array' THEN jsonb_array_length(r.content->'tables') END AS tables,
      (SELECT sum((t->>'rows')::bigint)::bigint FROM jsonb_array_elements(CASE WHEN jsonb_typeof(r.content->'tables') = 'array' THEN r.content->'tables' ELSE '[]' END) t) AS rows,
      (r.content->>'files')::bigint AS files
    FROM backup_run r WHERE r.id = ANY(${ids as string[]}) AND r.content IS NOT NULL`;
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** What the newest finished run of a plan read: the measure for the time a running one still needs. */
async function usualPlainBytes(ctx: Context, planId: string): Promise<number | null> {
  const last = await ctx.db.backupRun.findFirst({ where: { planId, state: "stored", plainBytes: { not: null } }, select: { plainBytes: true }, orderBy: { requestedAt: "desc" } });
  return last?.plainBytes ? Number(last.plainBytes) : null;
}

/** Runs of a plan, newest first. */
export async function listRuns(ctx: Context, input: ListRuns): Promise<{ items: RunRow[]; nextCursor: string | null }> {
  const plan = await findPlan(ctx, input.id);
  const before = decodeCursor(input.cursor, z.tuple([z.coerce.date(), z.string()]));
  const runs = await ctx.db.backupRun.findMany({
    where: {
      planId: plan.id,
      ...(input.storeId === undefined ? {} : { copies: { some: { storeId: input.storeId, state: "stored" } } }),
      ...(before ? { OR: [{ requestedAt: { lt: before[0] } }, { requestedAt: before[0], id: { lt: before[1] } }] } : {}),
    },
    omit: { content: true },
    include: withCopies,
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    take: input.limit + 1,
  });
  const [counts, usual] = await Promise.all([readCounts(ctx, runs.map(({ id }) => id)), usualPlainBytes(ctx, plan.id)]);
  const rows = runs.map((run) => toRunRow({ ...run, counts: counts.get(run.id) }, ctx.now(), usual));
  return toPage(rows, input.limit, (row) => [row.requestedAt.toISOString(), row.id]);
}

export type FoundRun = BackupRun & { copies: (BackupCopy & { store: BackupStore })[]; plan: { name: string; slug: string } };

/** A run with its copies. Throws `not_found`. */
export async function findRun(ctx: Context, id: string): Promise<FoundRun> {
  const run = await ctx.db.backupRun.findUnique({ where: { id }, include: { copies: { include: { store: true }, orderBy: { storeId: "asc" } }, plan: { select: { name: true, slug: true } } } });
  if (!run) throw new AppError("not_found", `There is no run ${id}.`);
  return run;
}

/** One run with what it holds. */
export async function getRun(ctx: Context, input: { id: string }): Promise<RunDetail> {
  const run = await findRun(ctx, input.id);
  const content = run.content as Content | null;
  const row = toRunRow(run, ctx.now(), run.state === "running" ? await usualPlainBytes(ctx, run.planId) : null);
  const counts = content === null ? {} : countsOf(content);
  return { ...row, ...counts, content, planName: run.plan.name, planSlug: run.plan.slug, manifestName: run.manifestName };
}

/** Lines of the log of a run, drill or restore after `after`, oldest first. */
export async function readLog(ctx: Context, input: ReadLog) {
  const rows = await ctx.db.backupLogLine.findMany({
    where: { subjectId: input.id, id: input.after === undefined ? undefined : { gt: BigInt(input.after) } },
    orderBy: { id: "asc" },
    take: LOG_LINES,
  });
  return { lines: rows.map(({ id, at, level, text }) => ({ id: id.toString(), at, level: level as "info" | "warn" | "error", text })) };
}

/** Every run and drill of the last three months in few words. */
export async function readHistory(ctx: Context, input: { id: string }): Promise<RunHistory> {
  const plan = await findPlan(ctx, input.id);
  const since = new Date(ctx.now().getTime() - HISTORY_MS);
  const [runs, drills] = await Promise.all([
    ctx.db.backupRun.findMany({
      where: { planId: plan.id, requestedAt: { gte: since } },
      select: { id: true, occurrenceAt: true, requestedAt: true, startedAt: true, finishedAt: true, state: true, suspicions: true, verifiedAt: true, refutedAt: true, bytes: true },
      orderBy: { requestedAt: "desc" },
      take: MOST_HISTORY,
    }),
    ctx.db.backupDrill.findMany({ where: { planId: plan.id, finishedAt: { gte: since }, state: { in: ["passed", "failed"] } }, select: { id: true, finishedAt: true, state: true }, orderBy: { finishedAt: "desc" }, take: MOST_HISTORY }),
  ]);
  return {
    timeZone: plan.timeZone,
    runs: runs.toReversed().map((run) => ({
      id: run.id,
      at: run.occurrenceAt ?? run.requestedAt,
      state: runState({ ...run, suspicions: run.suspicions as Suspicion[] }),
      bytes: run.bytes === null ? null : Number(run.bytes),
      seconds: run.startedAt && run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1_000 : null,
    })),
    drills: drills.toReversed().flatMap(({ id, finishedAt, state }) => (finishedAt ? [{ id, at: finishedAt, isPassed: state === "passed" }] : [])),
  };
}

async function storeNames(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const stores = await ctx.db.backupStore.findMany({ where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } });
  return new Map(stores.map(({ id, name }) => [id, name]));
}

/** Drills of a plan, newest first. */
export async function listDrills(ctx: Context, input: ListDrills): Promise<{ items: DrillRow[]; nextCursor: string | null }> {
  const plan = await findPlan(ctx, input.id);
  const before = decodeCursor(input.cursor, z.tuple([z.coerce.date(), z.string()]));
  const drills = await ctx.db.backupDrill.findMany({
    where: { planId: plan.id, ...(before ? { OR: [{ requestedAt: { lt: before[0] } }, { requestedAt: before[0], id: { lt: before[1] } }] } : {}) },
    include: { run: { select: { dataAsOf: true } } },
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    take: input.limit + 1,
  });
  const names = await storeNames(ctx, drills.map(({ storeId }) => storeId));
  return toPage(drills.map((drill) => toDrillRow(drill, names.get(drill.storeId) ?? "")), input.limit, (row) => [row.requestedAt.toISOString(), row.id]);
}

/** One drill. */
export async function getDrill(ctx: Context, input: { id: string }): Promise<DrillDetail> {
  const drill = await ctx.db.backupDrill.findUnique({ where: { id: input.id }, include: { run: { select: { dataAsOf: true } }, plan: { select: { name: true, slug: true, sourceKind: true } } } });
  if (!drill) throw new AppError("not_found", `There is no drill ${input.id}.`);
  const names = await storeNames(ctx, [drill.storeId]);
  return { ...toDrillRow(drill, names.get(drill.storeId) ?? ""), planName: drill.plan.name, planSlug: drill.plan.slug, sourceKind: drill.plan.sourceKind as DrillDetail["sourceKind"] };
}

/** One restore. */
export async function getRestore(ctx: Context, input: { id: string }): Promise<RestoreRow> {
  const restore = await ctx.db.backupRestore.findUnique({ where: { id: input.id }, include: { plan: { select: { name: true, slug: true, sourceKind: true } } } });
  if (!restore) throw new AppError("not_found", `There is no restore ${input.id}.`);
  return toRestoreRow(restore);
}

/** Restores of a plan, newest first. */
export async function listRestores(ctx: Context, input: ListDrills): Promise<{ items: RestoreRow[]; nextCursor: string | null }> {
  const plan = await findPlan(ctx, input.id);
  const before = decodeCursor(input.cursor, z.tuple([z.coerce.date(), z.string()]));
  const rows = await ctx.db.backupRestore.findMany({
    where: { planId: plan.id, ...(before ? { OR: [{ requestedAt: { lt: before[0] } }, { requestedAt: before[0], id: { lt: before[1] } }] } : {}) } satisfies Prisma.BackupRestoreWhereInput,
    include: { plan: { select: { name: true, slug: true, sourceKind: true } } },
    orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
    take: input.limit + 1,
  });
  return toPage(rows.map(toRestoreRow), input.limit, (row) => [row.requestedAt.toISOString(), row.id]);
}
