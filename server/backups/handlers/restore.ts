/** One restore: a safety backup when something is replaced, then the restore itself, which swaps at the very end. */
import type { BackupRestore } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { config } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { endOf } from "../archive/left-behind.ts";
import type { RestorePlace, RestoreReport } from "../archive/operations.ts";
import type { Reach } from "../engines/source.ts";
import { startRun } from "../mutations/index.ts";
import { findPlan, findRun, type PlanWithStores } from "../queries/index.ts";
import type { PlanSource, Selection } from "../schema.ts";
import { openSource, openTarget } from "../secrets.ts";
import { natureOf } from "../source-words.ts";
import { comparedInWords, secondsInWords } from "../units.ts";
import { readKeys, scratchParent, storeOf } from "../world.ts";
import { openJournal, type Journal } from "./journal.ts";
import { claim, hold, LostClaim, type Lease } from "./lease.ts";
import { problemFrom } from "./problem.ts";
import { executeRun } from "./run.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

type Restoring = { restore: BackupRestore; plan: PlanWithStores; lease: Lease; journal: Journal };
type StoredTarget =
  | { kind: "database"; database: string; mode: "create" | "replace"; reach: Reach; url: string | null }
  | { kind: "folder"; path: string }
  | { kind: "bucket"; prefix: string };

function placeOf(restore: BackupRestore, plan: PlanWithStores): RestorePlace {
  const target = restore.target as StoredTarget;
  switch (target.kind) {
    case "database":
      return { kind: "database", url: target.url === null ? config().DATABASE_URL : openTarget(target.url), reach: target.reach, database: target.database, mode: target.mode, isUntrusted: true };
    case "folder":
      return target;
    case "bucket": {
      const source = plan.source === null ? null : openSource(plan.source as PlanSource);
      if (source?.kind !== "bucket") throw new AppError("precondition", "The plan's source is not a bucket any more.");
      return { kind: "bucket", bucket: { ...source.bucket, prefix: target.prefix } };
    }
    default:
      return target satisfies never;
  }
}

/** Backs up what is about to be replaced. Without it nothing is replaced. */
async function takeSafetyBackup(ctx: Context, { restore, plan, journal }: Restoring): Promise<void> {
  const runId = await inTransaction(ctx, (tx) => startRun(tx, plan, { trigger: "safety", occurrenceAt: null, isJobless: true }));
  if (runId === null) throw new AppError("conflict", "A backup of this plan is under way, so no safety backup could be taken. Nothing was replaced; try again when it has ended.");
  await ctx.db.backupRestore.updateMany({ where: { id: restore.id }, data: { safetyRunId: runId, phase: "safety" } });
  await journal.write("Backing up the present database first.");
  await executeRun(ctx, runId);
  const run = await findRun(ctx, runId);
  if (run.state !== "stored") throw new AppError("precondition", `The safety backup failed, so nothing was replaced: ${run.problem ?? ""}`);
}

async function openCopy(ctx: Context, restore: BackupRestore) {
  const run = await findRun(ctx, restore.runId);
  const copy = run.copies.find(({ storeId, state }) => storeId === restore.storeId && state === "stored");
  if (!copy?.manifestName) throw new AppError("precondition", "The copy to restore was deleted meanwhile. Nothing was changed.");
  const [{ readManifest }, store, keys] = await Promise.all([import("../archive/verify.ts"), storeOf(ctx, copy.store), readKeys()]);
  const manifest = await readManifest(store, copy.manifestName, keys);
  if (manifest.id !== run.id) throw new AppError("mismatch", "The manifest in the store belongs to another backup. Nothing was changed.");
  return { store, manifest, keys };
}

async function keep(ctx: Context, { restore, plan, lease }: Restoring, report: RestoreReport): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.backupRestore.updateMany({
      where: { id: restore.id, state: "running", fence: lease.fence },
      data: { state: "done", phase: "done", activeKey: null, finishedAt: tx.now(), comparison: report.comparison === null ? undefined : asJson(report.comparison), leftOut: asJson(report.leftOut), formerName: report.formerName, seconds: report.seconds },
    });
    if (count === 0) throw new LostClaim();
    const former = report.formerName === null ? "" : `; the former database is kept as ${report.formerName}`;
    await audit(tx, { action: "backups.restored", target: { kind: "backupRestore", id: restore.id }, summary: `Restored ${plan.name} into ${restore.targetLabel}${former}`, after: { runId: restore.runId, seconds: report.seconds, requestedBy: restore.requestedBy } });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

async function work(ctx: Context, restoring: Restoring): Promise<void> {
  const { restore, plan, lease, journal } = restoring;
  if (restore.mode === "replace") await takeSafetyBackup(ctx, restoring);
  const copy = await openCopy(ctx, restore);
  await journal.write(`Restoring ${copy.manifest.archive.name} into ${restore.targetLabel}.`);
  const { restoreBackup } = await import("../restore/restore.ts");
  let phase = "";
  const report = await restoreBackup(
    {
      ...copy, place: placeOf(restore, plan), selection: restore.selection as Selection, scratchParent: await scratchParent(),
      onProgress: (progress) => {
        if (progress.phase !== phase) void ctx.db.backupRestore.updateMany({ where: { id: restore.id, fence: lease.fence }, data: { phase: progress.phase } }).catch((error: unknown) => ctx.log.warn({ err: error }, "a phase was not written"));
        phase = progress.phase;
        lease.progress(progress);
      },
    },
    { http: ctx.http, now: ctx.now, signal: lease.signal },
  );
  for (const { what, reason } of report.leftOut) await journal.write(`Left out ${what}: ${reason}`, "warn");
  await keep(ctx, restoring, report);
  const compared = report.comparison === null ? "" : ` ${comparedInWords(report.comparison, natureOf(plan.sourceKind) === "database" ? "database" : "folder")} compared.`;
  await journal.write(`Restored in ${secondsInWords(report.seconds)}.${compared}`);
}

async function fail(ctx: Context, { restore, plan, lease, journal }: Restoring, error: unknown): Promise<void> {
  const problem = problemFrom(endOf(lease.signal, error));
  await journal.write(problem.message, problem.state === "cancelled" ? "warn" : "error");
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.backupRestore.updateMany({ where: { id: restore.id, state: "running", fence: lease.fence }, data: { state: problem.state, activeKey: null, finishedAt: tx.now(), problem: problem.message } });
    if (count > 0) await audit(tx, { action: "backups.restoreEnded", target: { kind: "backupRestore", id: restore.id }, summary: `The restore of ${plan.name} into ${restore.targetLabel} ended without result: ${problem.message}` });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

/** Runs the restore that is queued under this id; does nothing when it is not waiting any more. */
export async function executeRestore(ctx: Context, restoreId: string): Promise<void> {
  const fence = await claim(ctx, "restore", restoreId);
  if (fence === null) return;
  const restore = await ctx.db.backupRestore.findUniqueOrThrow({ where: { id: restoreId } });
  const plan = await findPlan(ctx, restore.planId);
  const lease = hold(ctx, { kind: "restore", id: restore.id, planId: plan.id, fence });
  const restoring = { restore, plan, lease, journal: openJournal(ctx, restore.id) };
  try {
    await work({ ...ctx, signal: lease.signal }, restoring);
  } catch (error) {
    ctx.log.warn({ err: error, restoreId }, "a restore ended without result");
    await fail(ctx, restoring, error);
  } finally {
    await lease.stop();
  }
}
