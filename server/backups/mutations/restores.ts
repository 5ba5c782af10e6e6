/** Restores: shown with their consequences first, then started with the token that the showing gave. */
import { audit } from "../../platform/audit.ts";
import { config } from "../../platform/config.ts";
import { actorId, actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { assertConfirmed, confirmationFor } from "../confirmation.ts";
import { restoreJob } from "../jobs.ts";
import { findPlan, findRun, getRestore, getRun } from "../queries/index.ts";
import { databaseIn, resolveTarget, sourceAddress, type ResolvedTarget } from "../restore-target.ts";
import type { PlanSource, PrepareRestore, RestoreOutlook, RestoreRow, StartRestore } from "../schema.ts";
import { openSource, sealTarget } from "../secrets.ts";
import { lookAtTarget } from "../target-look.ts";
import { isAdministrator } from "./plan-rules.ts";

type Wanted = { run: Awaited<ReturnType<typeof findRun>>; storeId: string; target: ResolvedTarget; confirmation: string };

const callerOf = (ctx: Context) => actorId(ctx.actor) ?? ctx.actor.kind;
const needsAdmin = (target: ResolvedTarget) => target.kind === "folder" || (target.kind === "database" && target.mode === "replace");

/** Reads what is to be restored. Throws `forbidden` when it needs an administrator, `precondition` when the backup cannot be used. */
async function resolve(ctx: Context, input: PrepareRestore): Promise<Wanted> {
  const run = await findRun(ctx, input.runId);
  const copy = run.copies.find(({ state, storeId, store }) => state === "stored" && store.archivedAt === null && (input.storeId === undefined || storeId === input.storeId));
  if (run.state !== "stored" || !copy) throw new AppError("precondition", "This backup lies in no store that can be read.");
  const plan = await findPlan(ctx, run.planId);
  const source = plan.source === null ? null : openSource(plan.source as PlanSource);
  const target = resolveTarget(input.target, source);
  if (needsAdmin(target) && !isAdministrator(ctx)) throw new AppError("forbidden", target.kind === "folder" ? "Only an administrator may restore into a folder of this machine." : "Only an administrator may replace a database.");
  if (target.kind === "database" && target.mode === "replace" && databaseIn(sourceAddress({ kind: "self" })?.url ?? "") === target.database && plan.isSelf) {
    throw new AppError("precondition", "The console cannot replace the database it runs on. Restore into a new one, or stop the console and follow the runbook.");
  }
  return { run, storeId: copy.storeId, target, confirmation: target.kind === "database" ? target.database : target.label };
}

/** What the token stands for: every fact that was shown and could change. */
const aboutOf = ({ run, storeId, target }: Wanted, input: PrepareRestore) => [run.id, run.manifestName, storeId, target.key, target.kind === "database" ? target.mode : "", input.selection.tables ?? null, input.selection.files ?? null];

/** Why this backup cannot be restored there, whatever the target looks like. */
function problemsOf(engine: string | null, target: ResolvedTarget, { selection }: PrepareRestore): string[] {
  if (engine === "physical") return ["This is a physical backup, the files of a whole cluster. It becomes a cluster again by the command line: backup restore … --to-data-dir <a new folder>."];
  if (target.kind === "database" && target.mode === "replace" && selection.tables) return ["Single tables are restored into a new database: replacing would lose all other tables."];
  return [];
}

function warningsOf(state: string, target: ResolvedTarget): string[] {
  const warnings = state === "suspect" ? ["This backup is suspect: look at its reasons first."] : state === "stored" ? ["No drill has proven this backup yet."] : [];
  if (target.kind === "database") warnings.push("Owners and grants are not part of a backup: everything will belong to the user that restores. Grant rights again afterwards.");
  if (target.kind === "database" && target.mode === "replace") warnings.push("Sessions are closed, and a fresh backup of the present database is taken first. The former database is kept under another name.");
  return warnings;
}

/** Shows what a restore would bring, what it would end, and whether it can be started. Changes nothing. */
export async function prepareRestore(ctx: Context, input: PrepareRestore): Promise<RestoreOutlook> {
  const wanted = await resolve(ctx, input);
  const { run, target } = wanted;
  const detail = await getRun(ctx, { id: run.id });
  const extensions = detail.content?.kind === "database" ? detail.content.extensions.map(({ name }) => name) : [];
  const [look, drill] = await Promise.all([
    lookAtTarget(ctx, target, extensions),
    ctx.db.backupDrill.findFirst({ where: { planId: run.planId, state: "passed" }, select: { restoreSeconds: true }, orderBy: { finishedAt: "desc" } }),
  ]);
  const isReplace = target.kind === "database" && target.mode === "replace";
  const problems = [...look.problems, ...problemsOf(run.engine, target, input)];
  const dataAsOf = run.dataAsOf ?? run.requestedAt;
  return {
    dataAsOf,
    lostMs: isReplace ? Math.max(0, ctx.now().getTime() - dataAsOf.getTime()) : null,
    tables: detail.tables ?? 0,
    rows: detail.rows ?? 0,
    bytes: detail.bytes ?? 0,
    state: detail.state,
    expectedSeconds: drill?.restoreSeconds ?? null,
    targetLabel: target.label,
    targetExists: look.exists,
    sessions: look.sessions,
    problems,
    warnings: warningsOf(detail.state, target),
    confirmation: wanted.confirmation,
    token: problems.length > 0 ? null : confirmationFor(aboutOf(wanted, input), callerOf(ctx), ctx.now()),
  };
}

/** The target as it is stored: its address sealed, except the console's own, which the machine knows. */
function storedTarget(target: ResolvedTarget): Prisma.InputJsonValue {
  if (target.kind === "folder") return { kind: "folder", path: target.path };
  if (target.kind === "bucket") return { kind: "bucket", prefix: target.bucket.prefix };
  const isOwn = target.reach === "direct" && target.url === config().DATABASE_URL;
  return { kind: "database", database: target.database, mode: target.mode, reach: target.reach, url: isOwn ? null : sealTarget(target.url) };
}

/** Starts a restore. Throws `precondition` for a stale token or a wrong name, `conflict` while the target is being restored. */
export async function startRestore(ctx: Context, input: StartRestore): Promise<RestoreRow> {
  const wanted = await resolve(ctx, input);
  const { run, target } = wanted;
  assertConfirmed(input.token, { about: aboutOf(wanted, input), actor: callerOf(ctx), now: ctx.now() });
  const mode = target.kind === "database" ? target.mode : "create";
  if (mode === "replace" && input.typed !== wanted.confirmation) throw new AppError("precondition", `Type ${wanted.confirmation} to confirm. Nothing was restored.`, { detail: { fields: { typed: "Does not match" } } });
  return inTransaction(ctx, async (tx) => {
    const id = newId("rst", tx.now());
    const added = await tx.db.$executeRaw`
      INSERT INTO backup_restore (id, plan_id, run_id, store_id, mode, target, target_label, active_key, selection, state, requested_by, requested_at)
      VALUES (${id}, ${run.planId}, ${run.id}, ${wanted.storeId}, ${mode}, ${JSON.stringify(storedTarget(target))}::jsonb, ${target.label}, ${target.key},
        ${JSON.stringify(input.selection)}::jsonb, 'queued', ${actorLabel(tx.actor)}, ${tx.now()})
      ON CONFLICT DO NOTHING`;
    if (added === 0) throw new AppError("conflict", `${target.label} is being restored already. Wait for that restore, or cancel it.`);
    await enqueue(tx, restoreJob, { restoreId: id }, { key: id, priority: "high" });
    await audit(tx, { action: "backups.startRestore", target: { kind: "backupRestore", id }, summary: `Started to restore ${run.plan.name} into ${target.label}`, after: { runId: run.id, mode, target: target.label, selection: input.selection } });
    await announce(tx, { topic: "backups", id: run.planId });
    return getRestore(tx, { id });
  });
}

/** Stops a restore. Until the swap nothing carries the target's name that did not before, so stopping leaves it untouched. */
export async function cancelRestore(ctx: Context, input: { id: string }): Promise<RestoreRow> {
  return inTransaction(ctx, async (tx) => {
    const queued = await tx.db.backupRestore.updateMany({ where: { id: input.id, state: "queued" }, data: { state: "cancelled", activeKey: null, finishedAt: tx.now(), cancelRequestedAt: tx.now(), problem: "Cancelled before it began." } });
    const running = await tx.db.backupRestore.updateMany({ where: { id: input.id, state: "running", cancelRequestedAt: null }, data: { cancelRequestedAt: tx.now() } });
    const restore = await getRestore(tx, input);
    if (queued.count + running.count === 0) throw new AppError("conflict", "This restore has ended already, or is being cancelled.");
    await audit(tx, { action: "backups.cancelRestore", target: { kind: "backupRestore", id: restore.id }, summary: `Cancelled the restore into ${restore.targetLabel}` });
    await announce(tx, { topic: "backups", id: restore.planId });
    return restore;
  });
}
