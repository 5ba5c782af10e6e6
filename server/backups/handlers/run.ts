/** One run: pre-flight, hooks, the backup itself, and the facts that its state is computed from. */
import type { BackupPlan, BackupRun } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { endOf } from "../archive/left-behind.ts";
import type { NamedStore, TakenBackup } from "../archive/operations.ts";
import { drillDue } from "../cadence.ts";
import { startDrill } from "../mutations/index.ts";
import { preflight, type PreflightReport } from "../preflight.ts";
import { findPlan, type PlanWithStores } from "../queries/index.ts";
import { countsOf } from "../queries/present.ts";
import type { DrillRules, Hooks } from "../schema.ts";
import type { Content, EngineKind, Trigger } from "../schema/manifest.ts";
import { suspicionsOf, TRAILING, type Look, type Suspicion } from "../suspicion.ts";
import { countInWords, secondsInWords, sizeInWords } from "../units.ts";
import { drillServerOf, readKeys, scratchParent, sourceOf, storeOf } from "../world.ts";
import { callHooks } from "./hooks.ts";
import { openJournal, type Journal } from "./journal.ts";
import { claim, hold, LostClaim, type Lease } from "./lease.ts";
import { problemFrom, type Problem } from "./problem.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

type Running = { run: BackupRun; plan: PlanWithStores; lease: Lease; journal: Journal };

async function goodBefore(ctx: Context, planId: string): Promise<Look[]> {
  const runs = await ctx.db.backupRun.findMany({
    where: { planId, state: "stored", refutedAt: null, suspicions: { equals: [] }, bytes: { not: null } },
    select: { bytes: true, plainBytes: true, content: true },
    orderBy: { requestedAt: "desc" },
    take: TRAILING,
  });
  return runs.map(({ bytes, plainBytes, content }) => ({ bytes: Number(bytes), plainBytes: Number(plainBytes), content: content as Content }));
}

async function lookFirst(ctx: Context, { run, plan, lease, journal }: Running, lastBytes: number | null): Promise<{ report: PreflightReport; stores: NamedStore[] }> {
  const opened = await Promise.all(plan.stores.map(async ({ store }) => ({ id: store.id, name: store.name, store: await storeOf(ctx, store) })));
  const report = await preflight(ctx, { source: sourceOf(plan), wish: plan.engineWish as EngineKind | "auto", stores: opened, lastBytes, drillServerUrl: drillServerOf(plan) });
  await ctx.db.backupPlan.updateMany({ where: { id: plan.id }, data: { findings: asJson(report.findings), checkedAt: ctx.now(), sourceVersion: report.version ?? plan.sourceVersion } });
  const { engine, reason } = report.choice;
  await ctx.db.backupRun.updateMany({ where: { id: run.id, state: "running", fence: lease.fence }, data: { engine, engineReason: reason, cipher: plan.cipher, sourceVersion: report.version } });
  for (const { level, message } of report.findings) await journal.write(message, level === "problem" ? "error" : level === "warning" ? "warn" : "info");
  const first = report.findings.find(({ level }) => level === "problem");
  if (first) throw new AppError("precondition", first.message);
  return { report, stores: opened.filter(({ id }) => report.usable.includes(id)) };
}

/** Takes the backup; progress goes out with the heartbeats. */
async function take(ctx: Context, running: Running, looked: { report: PreflightReport; stores: NamedStore[] }): Promise<TakenBackup> {
  const { run, plan, lease, journal } = running;
  const { takeBackup } = await import("../archive/take.ts");
  await journal.write(`Reading with ${looked.report.choice.engine}: ${plan.sourceLabel}.`);
  return takeBackup(
    {
      id: run.id,
      plan: { id: plan.id, name: plan.name },
      trigger: run.trigger as Trigger,
      source: sourceOf(plan),
      sourceLabel: plan.sourceLabel,
      engine: { kind: looked.report.choice.engine, reason: looked.report.choice.reason },
      stores: looked.stores,
      keys: await readKeys(),
      cipher: plan.cipher as "aes-256-gcm" | "none",
      settings: { hashFullUpToBytes: Number(plan.hashFullUpToBytes) },
      scratchParent: await scratchParent(),
      onProgress: lease.progress,
    },
    { http: ctx.http, now: ctx.now, signal: lease.signal },
  );
}

/** One row a store of the plan: stored, or why not. A store that pre-flight left out counts as failed. */
function copiesOf({ plan, run }: Running, { taken, report }: { taken: TakenBackup; report: PreflightReport }, now: Date) {
  return plan.stores.map(({ storeId }) => {
    const outcome = taken.stores.find(({ id }) => id === storeId);
    const isStored = outcome?.isStored === true;
    const problem = isStored ? null : (outcome?.problem ?? report.stores.find(({ id }) => id === storeId)?.problem ?? "The store was left out.");
    return { runId: run.id, storeId, state: isStored ? "stored" : "failed", problem, bytes: isStored ? taken.manifest.archive.bytes : null, archiveName: taken.manifest.archive.name, manifestName: taken.manifestName, storedAt: isStored ? now : null };
  });
}

async function drillIfDue(ctx: Context, plan: Pick<BackupPlan, "id">, run: { id: string; storeId: string }): Promise<void> {
  const fresh = await ctx.db.backupPlan.update({ where: { id: plan.id }, data: { backupsSinceDrill: { increment: 1 } } });
  const hasDrilled = (await ctx.db.backupDrill.findFirst({ where: { planId: plan.id }, select: { id: true } })) !== null;
  const why = drillDue(fresh.drill as DrillRules, { backupsSinceDrill: fresh.backupsSinceDrill, hasDrilled, nextDrillAt: null }, ctx.now());
  if (why !== null) await startDrill(ctx, { planId: plan.id, runId: run.id, storeId: run.storeId, trigger: why });
}

/** Writes the result in one transaction: run, copies and the drill that follows. Throws LostClaim when another took over. */
async function keep(ctx: Context, running: Running, made: { taken: TakenBackup; report: PreflightReport; suspicions: Suspicion[] }): Promise<void> {
  const { run, plan, lease } = running;
  const { manifest, manifestName } = made.taken;
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.backupRun.updateMany({
      where: { id: run.id, state: "running", fence: lease.fence },
      data: {
        state: "stored", activeKey: null, finishedAt: tx.now(), progress: undefined, engine: manifest.engine, engineReason: manifest.engineReason, sourceVersion: manifest.source.version, dataAsOf: new Date(manifest.dataAsOf),
        plainBytes: manifest.plainBytes, bytes: manifest.archive.bytes, cipher: manifest.archive.cipher, keyId: manifest.keyId, content: asJson(manifest.content), manifestName, suspicions: asJson(made.suspicions),
      },
    });
    if (count === 0) throw new LostClaim();
    const copies = copiesOf(running, made, tx.now());
    await tx.db.backupCopy.createMany({ data: copies });
    const stored = copies.find(({ state }) => state === "stored");
    if (stored && run.trigger !== "safety") await drillIfDue(tx, plan, { id: run.id, storeId: stored.storeId });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

/** Notes that a run ended without a backup. A lost claim writes nothing: whoever took it wrote already. */
async function fail(ctx: Context, { run, plan, lease }: Running, problem: Problem): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await tx.db.backupRun.updateMany({
      where: { id: run.id, state: "running", fence: lease.fence },
      data: { state: problem.state, activeKey: null, finishedAt: tx.now(), problem: problem.message, problemCode: problem.code },
    });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

async function work(ctx: Context, running: Running): Promise<void> {
  const { plan, run, journal } = running;
  const before = await goodBefore(ctx, plan.id);
  const hook = { planId: plan.id, plan: plan.name, runId: run.id, trigger: run.trigger };
  await callHooks(ctx, plan.hooks as Hooks, { moment: "before", body: hook, journal, signal: running.lease.signal });
  const looked = await lookFirst(ctx, running, before[0]?.bytes ?? null);
  const taken = await take(ctx, running, looked);
  const { manifest } = taken;
  const look = { bytes: manifest.archive.bytes, plainBytes: manifest.plainBytes, content: manifest.content };
  const suspicions = suspicionsOf(look, { before, expectedBytes: plan.expectedBytes === null ? null : Number(plan.expectedBytes), volatileTables: plan.volatileTables });
  await keep(ctx, running, { taken, report: looked.report, suspicions });
  const counts = countsOf(manifest.content);
  const seconds = (new Date(manifest.finishedAt).getTime() - new Date(manifest.startedAt).getTime()) / 1_000;
  const held = counts.tables === null ? `${countInWords(counts.files ?? 0)} files` : `${countInWords(counts.tables)} tables, ${countInWords(counts.rows ?? 0)} rows`;
  await journal.write(`Stored ${sizeInWords(manifest.archive.bytes)} in ${secondsInWords(seconds)}: ${held}.`);
  for (const { problem } of taken.stores) if (problem !== null) await journal.write(problem, "warn");
  for (const { message } of suspicions) await journal.write(message, "warn");
  await callHooks(ctx, plan.hooks as Hooks, { moment: "after", body: { ...hook, bytes: manifest.archive.bytes, suspicions }, journal });
}

/** Runs what is queued under this id; does nothing when it is not waiting any more. Throws when no backup was made. */
export async function executeRun(ctx: Context, runId: string): Promise<void> {
  const fence = await claim(ctx, "run", runId);
  if (fence === null) return;
  const run = await ctx.db.backupRun.findUniqueOrThrow({ where: { id: runId } });
  const plan = await findPlan(ctx, run.planId);
  const lease = hold(ctx, { kind: "run", id: run.id, planId: plan.id, fence });
  const journal = openJournal(ctx, run.id);
  const running = { run, plan, lease, journal };
  // What the run itself does is bound to the lease; what it writes afterwards is not.
  const bound = { ...ctx, signal: lease.signal };
  try {
    await work(bound, running);
  } catch (error) {
    const problem = problemFrom(endOf(lease.signal, error));
    await journal.write(problem.message, problem.state === "cancelled" ? "warn" : "error");
    await fail(ctx, running, problem);
    if (problem.state === "failed") {
      ctx.log.error({ err: error, runId, plan: plan.name }, "a backup failed");
      await callHooks({ ...ctx, signal: undefined }, plan.hooks as Hooks, { moment: "failed", body: { planId: plan.id, plan: plan.name, runId, problem: problem.message }, journal });
    }
  } finally {
    await lease.stop();
  }
}
