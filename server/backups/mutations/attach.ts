/** Rebuilds the catalogue from a store alone: manifests say what lies there, and plans that nobody knows any more are made again. */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction, Prisma } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import type { CatalogueEntry } from "../archive/operations.ts";
import { findStore } from "../queries/index.ts";
import { defaultRetention, type Attached } from "../schema.ts";
import { DrillRules } from "../schema/drill-rules.ts";
import type { Manifest } from "../schema/manifest.ts";
import { reconcileStore } from "../reconcile.ts";
import { readKeys, storeOf } from "../world.ts";
import { uniqueSlug } from "./plan-rules.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
/** Names of unreadable manifests that an answer lists. */
const MOST_NAMED = 20;
const DAY_MINUTES = 1_440;
const HOUR_MINUTES = 60;

/** A plan for backups whose plan is gone: paused and without a source, so that nothing runs before somebody looks. */
async function recoverPlan(ctx: Context, manifest: Manifest, store: { id: string; kind: string }): Promise<{ id: string; isNew: boolean }> {
  const wanted = manifest.plan.id;
  const known = wanted === null ? null : await ctx.db.backupPlan.findUnique({ where: { id: wanted }, select: { id: true } });
  const byName = known ?? (await ctx.db.backupPlan.findFirst({ where: { name: manifest.plan.name, sourceLabel: manifest.source.label }, select: { id: true } }));
  if (byName) return { id: byName.id, isNew: false };
  const now = ctx.now();
  const id = wanted !== null && /^[\w-]{4,64}$/.test(wanted) ? wanted : newId("pln", now);
  const kind = manifest.source.kind;
  await ctx.db.backupPlan.create({
    data: {
      id, name: manifest.plan.name.slice(0, 80) || "Recovered", slug: await uniqueSlug(ctx, manifest.plan.name), sourceKind: kind, sourceLabel: manifest.source.label, cron: "0 2 * * *", timeZone: "UTC",
      nextRunAt: null, pausedAt: now, rpoMinutes: DAY_MINUTES, rtoMinutes: HOUR_MINUTES, drill: DrillRules.parse({ everyNth: null }), hooks: [], cipher: manifest.archive.cipher, createdAt: now, updatedAt: now, updatedBy: actorLabel(ctx.actor),
      stores: { create: { storeId: store.id, retention: asJson(defaultRetention(store.kind as "local" | "s3", kind === "postgres" ? "database" : "files")) } },
    },
  });
  return { id, isNew: true };
}

/** Facts of a run as its manifest tells them. */
function runFrom(manifest: Manifest, planId: string) {
  return {
    id: manifest.id, planId, trigger: manifest.trigger, state: "stored", requestedBy: "found in a store", requestedAt: new Date(manifest.startedAt), startedAt: new Date(manifest.startedAt), finishedAt: new Date(manifest.finishedAt),
    engine: manifest.engine, engineReason: manifest.engineReason, sourceVersion: manifest.source.version, dataAsOf: new Date(manifest.dataAsOf), plainBytes: manifest.plainBytes, bytes: manifest.archive.bytes,
    cipher: manifest.archive.cipher, keyId: manifest.keyId, content: asJson(manifest.content), manifestName: `${manifest.archive.name}.manifest`,
  };
}

type Found = { manifestName: string; manifest: Manifest };

/**
 * A restored console finds the very run that backed it up under way in its own data, and gives it up. The signed manifest,
 * which is written last, says that it was stored.
 */
async function correctRun(ctx: Context, { manifestName, manifest }: Found): Promise<void> {
  const { id, planId: _plan, ...facts } = runFrom(manifest, "");
  await ctx.db.backupRun.updateMany({ where: { id, state: { in: ["failed", "cancelled"] } }, data: { ...facts, manifestName, problem: null, problemCode: null, cancelRequestedAt: null, progress: Prisma.DbNull } });
}

async function addFound(ctx: Context, store: { id: string; kind: string }, { manifestName, manifest }: Found): Promise<{ isAdded: boolean; isPlanNew: boolean }> {
  const run = await ctx.db.backupRun.findUnique({ where: { id: manifest.id }, select: { id: true } });
  const plan = run ? null : await recoverPlan(ctx, manifest, store);
  if (plan) await ctx.db.backupRun.create({ data: { ...runFrom(manifest, plan.id), manifestName } });
  else await correctRun(ctx, { manifestName, manifest });
  const copy = { bytes: manifest.archive.bytes, archiveName: manifest.archive.name, manifestName, state: "stored", storedAt: new Date(manifest.finishedAt), manifestProblem: null };
  const before = await ctx.db.backupCopy.findUnique({ where: { runId_storeId: { runId: manifest.id, storeId: store.id } } });
  await ctx.db.backupCopy.upsert({
    where: { runId_storeId: { runId: manifest.id, storeId: store.id } },
    create: { runId: manifest.id, storeId: store.id, ...copy },
    update: before?.state === "deleting" ? {} : { ...copy, deletedAt: null, deleteRule: null },
  });
  return { isAdded: before === null || before.state !== "stored", isPlanNew: plan?.isNew === true };
}

/** Lets go of copies that were missed before and are missing still: whoever reads a store again wants its catalogue to be what lies there. */
async function forgetLost(ctx: Context, storeId: string, missed: readonly string[]): Promise<number> {
  const { count } = await ctx.db.backupCopy.updateMany({ where: { storeId, state: "lost", runId: { in: [...missed] } }, data: { state: "deleted", deletedAt: ctx.now(), deleteRule: "not in the store" } });
  return count;
}

/**
 * Reads every manifest of a store and adds what the console does not know. Copies that are not there are marked as lost, and
 * those that were lost already are let go. What is read again later comes back. Doing it again changes nothing.
 */
export async function attachStore(ctx: Context, input: { id: string }): Promise<Attached> {
  const row = await findStore(ctx, input.id);
  const [{ readCatalogue }, store, keys] = await Promise.all([import("../archive/verify.ts"), storeOf(ctx, row), readKeys()]);
  const found: Found[] = [];
  const unreadable: { manifestName: string; problem: string }[] = [];
  const entries: AsyncIterable<CatalogueEntry> = readCatalogue({ store, keys }, { http: ctx.http, now: ctx.now, signal: ctx.signal });
  for await (const entry of entries) {
    if (entry.manifest === null) unreadable.push({ manifestName: entry.manifestName, problem: entry.problem });
    else if (entry.isArchiveThere) found.push({ manifestName: entry.manifestName, manifest: entry.manifest });
    else unreadable.push({ manifestName: entry.manifestName, problem: "Its archive is not there." });
  }
  const missed = await ctx.db.backupCopy.findMany({ where: { storeId: row.id, state: "lost" }, select: { runId: true } });
  const { lost } = await reconcileStore(ctx, { id: row.id, store });
  return inTransaction(ctx, async (tx) => {
    let added = 0;
    let plans = 0;
    for (const one of found) {
      const { isAdded, isPlanNew } = await addFound(tx, row, one);
      added += Number(isAdded);
      plans += Number(isPlanNew);
    }
    for (const { manifestName, problem } of unreadable) await tx.db.backupCopy.updateMany({ where: { storeId: row.id, manifestName, state: "stored" }, data: { manifestProblem: problem } });
    const gone = await forgetLost(tx, row.id, missed.map(({ runId }) => runId));
    const summary = `Read the store ${row.name}: ${found.length} backups, ${added} of them new${lost + gone === 0 ? "" : `; ${lost} lost, ${gone} let go`}`;
    await audit(tx, { action: "backups.attachStore", target: { kind: "backupStore", id: row.id }, summary, after: { found: found.length, added, plans, lost, gone, unreadable: unreadable.length } });
    await announce(tx, { topic: "backups" });
    return { found: found.length, added, plans, lost, gone, unreadable: unreadable.slice(0, MOST_NAMED) };
  });
}
