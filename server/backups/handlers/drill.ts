/** One drill: restore for real into a scratch place, compare, ask the plan's questions, measure, destroy. */
import type { BackupDrill } from "../../../prisma/generated/client.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import type { RestorePlace, RestoreReport } from "../archive/operations.ts";
import { findPlan, findRun, type PlanWithStores } from "../queries/index.ts";
import type { DrillRow, DrillRules, PlanSource } from "../schema.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { clearDrill, drillDatabase, drillServerAt, onDrillServer, refuseSource, sweepDrillServer, type Address } from "../drill-server.ts";
import { hostOf, sourceAddress } from "../restore-target.ts";
import { openSource } from "../secrets.ts";
import { comparedInWords, secondsInWords } from "../units.ts";
import { drillServerOf, readKeys, scratchParent, storeOf } from "../world.ts";
import { askAssertions, readerName } from "./assertions.ts";
import { openJournal, type Journal } from "./journal.ts";
import { claim, hold, LostClaim, type Lease } from "./lease.ts";
import { problemFrom } from "./problem.ts";
import { makeScratchFolder, roomProblem, startScratchDatabase } from "./scratch.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
const DATABASE = "drill";

type Drilling = { drill: BackupDrill; plan: PlanWithStores; lease: Lease; journal: Journal };
type Backup = { store: Store; manifest: Manifest };
/** `server` is set where there is a database to ask questions of. */
type Scratch = { label: string; place: RestorePlace; server: (Address & { database: string; reader: string }) | null; isAlive: () => boolean; destroy: () => Promise<void> };

/** What a drill found. `refutes`: the backup itself is to blame, not the scratch place or the store. */
type Finding = { isPassed: boolean; problem: string | null; refutes: boolean; report: RestoreReport | null; assertions: DrillRow["assertions"] };

async function openBackup(ctx: Context, drill: BackupDrill): Promise<Backup> {
  const run = await findRun(ctx, drill.runId);
  const copy = run.copies.find(({ storeId, state }) => storeId === drill.storeId && state === "stored");
  if (!copy?.manifestName) throw new AppError("precondition", "The copy to drill was deleted meanwhile.");
  const [{ readManifest }, store, keys] = await Promise.all([import("../archive/verify.ts"), storeOf(ctx, copy.store), readKeys()]);
  const manifest = await readManifest(store, copy.manifestName, keys);
  if (manifest.id !== run.id) throw new AppError("mismatch", "The manifest in the store belongs to another backup.");
  return { store, manifest };
}

/** A database of its own on the server that the plan names, after it was told apart from the source. */
async function openOnServer(ctx: Context, { drill, plan }: Drilling, given: { at: Address; manifest: Manifest }): Promise<Scratch> {
  const { at, manifest } = given;
  const live = plan.source === null ? null : sourceAddress(openSource(plan.source as PlanSource));
  await onDrillServer(ctx, at, async (client) => {
    await refuseSource(ctx, client, { fingerprint: manifest.source.fingerprint, live });
    await sweepDrillServer(ctx, client);
  });
  const database = drillDatabase(drill.id);
  const reader = readerName();
  return {
    label: `the drill server ${hostOf(at.url)}`,
    place: { kind: "database", ...at, database, mode: "create", isUntrusted: true },
    server: { ...at, database, reader },
    isAlive: () => true,
    // Also after the drill was cancelled.
    destroy: () => clearDrill({ ...ctx, signal: undefined }, at, { id: drill.id, reader }),
  };
}

async function openScratch(ctx: Context, drilling: Drilling, manifest: Manifest): Promise<Scratch> {
  const { id: drillId } = drilling.drill;
  if (manifest.content.kind !== "database" || manifest.engine === "physical") {
    const { folder, destroy } = await makeScratchFolder(drillId);
    const place: RestorePlace = manifest.engine === "physical" ? { kind: "cluster", dataDir: folder } : { kind: "folder", path: folder };
    return { label: manifest.engine === "physical" ? "a throw-away cluster" : "a throw-away folder", place, server: null, isAlive: () => true, destroy };
  }
  const url = drillServerOf(drilling.plan);
  if (url !== null) return openOnServer(ctx, drilling, { at: drillServerAt(url), manifest });
  const { cluster, destroy } = await startScratchDatabase(drillId);
  const at = { url: cluster.url, reach: "direct" as const };
  return { label: "a throw-away PostgreSQL", place: { kind: "database", ...at, database: DATABASE, mode: "create", isUntrusted: true }, server: { ...at, database: DATABASE, reader: readerName() }, isAlive: cluster.isRunning, destroy };
}

async function restoreInto(ctx: Context, { lease, plan }: Drilling, { backup, scratch }: { backup: Backup; scratch: Scratch }): Promise<Finding> {
  const { restoreBackup } = await import("../restore/restore.ts");
  try {
    const report = await restoreBackup(
      { ...backup, keys: await readKeys(), place: scratch.place, selection: {}, scratchParent: await scratchParent(), onProgress: lease.progress },
      { http: ctx.http, now: ctx.now, signal: lease.signal },
    );
    const assertions = scratch.server === null ? [] : await askAssertions(ctx, scratch.server, (plan.drill as DrillRules).assertions);
    const wrong = assertions.filter(({ isTrue }) => !isTrue);
    const problem = wrong.length === 0 ? null : `${wrong.length === 1 ? "A question was" : `${wrong.length} questions were`} not answered with yes: ${wrong.map(({ name }) => name).join(", ")}.`;
    return { isPassed: problem === null, problem, refutes: problem !== null, report, assertions };
  } catch (error) {
    lease.signal.throwIfAborted();
    const room = error instanceof AppError && error.code === "mismatch" ? null : await roomProblem();
    if (room !== null) return { isPassed: false, problem: `${room} The backup is neither proven nor refuted. (${problemFrom(error).message})`, refutes: false, report: null, assertions: [] };
    if (!scratch.isAlive()) return { isPassed: false, problem: "The scratch database stopped while the backup was restored. The backup is neither proven nor refuted.", refutes: false, report: null, assertions: [] };
    return { isPassed: false, problem: problemFrom(error).message, refutes: error instanceof AppError && error.code === "mismatch", report: null, assertions: [] };
  }
}

/** Writes the result: a passed drill verifies the backup, one that blames the backup refutes it, any other changes nothing. */
async function keep(ctx: Context, { drill, plan, lease }: Drilling, found: { finding: Finding; dataAgeSeconds: number | null }): Promise<void> {
  const { finding } = found;
  await inTransaction(ctx, async (tx) => {
    const comparison = finding.report?.comparison ?? null;
    const { count } = await tx.db.backupDrill.updateMany({
      where: { id: drill.id, state: "running", fence: lease.fence },
      data: {
        state: finding.isPassed ? "passed" : "failed", activeKey: null, finishedAt: tx.now(), restoreSeconds: finding.report?.seconds ?? null, dataAgeSeconds: found.dataAgeSeconds,
        comparedRows: comparison === null ? null : BigInt(comparison.rows), comparedTables: comparison?.tables ?? null, differences: asJson(comparison?.differences ?? []), assertions: asJson(finding.assertions), problem: finding.problem,
      },
    });
    if (count === 0) throw new LostClaim();
    const verdict = finding.isPassed ? { verifiedAt: tx.now(), refutedAt: null } : finding.refutes ? { verifiedAt: null, refutedAt: tx.now() } : null;
    if (verdict) await tx.db.backupRun.updateMany({ where: { id: drill.runId, state: "stored" }, data: verdict });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

async function fail(ctx: Context, { drill, plan, lease, journal }: Drilling, error: unknown): Promise<void> {
  const problem = problemFrom(lease.signal.aborted ? lease.signal.reason : error);
  await journal.write(problem.message, "error");
  const isMismatch = !lease.signal.aborted && error instanceof AppError && error.code === "mismatch";
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.backupDrill.updateMany({ where: { id: drill.id, state: "running", fence: lease.fence }, data: { state: problem.state, activeKey: null, finishedAt: tx.now(), problem: problem.message } });
    if (count > 0 && isMismatch) await tx.db.backupRun.updateMany({ where: { id: drill.runId, state: "stored" }, data: { verifiedAt: null, refutedAt: tx.now() } });
    await announce(tx, { topic: "backups", id: plan.id });
  });
}

async function report(journal: Journal, finding: Finding, content: Manifest["content"]["kind"]): Promise<void> {
  const { comparison, seconds } = finding.report ?? { comparison: null, seconds: 0 };
  if (comparison) await journal.write(`Restored in ${secondsInWords(seconds)}; compared ${comparedInWords(comparison, content)}.`);
  for (const { what, expected, found } of comparison?.differences ?? []) await journal.write(`${what}: expected ${expected}, found ${found}`, "warn");
  for (const { name, isTrue, problem } of finding.assertions) await journal.write(isTrue ? `${name}: yes` : `${name}: no. ${problem ?? ""}`, isTrue ? "info" : "error");
  await journal.write(finding.isPassed ? "Proven: this backup restores." : (finding.problem ?? "Not proven."), finding.isPassed ? "info" : "error");
}

async function work(ctx: Context, drilling: Drilling): Promise<void> {
  const { drill, journal } = drilling;
  const backup = await openBackup(ctx, drill);
  await journal.write(`Drilling the backup ${backup.manifest.archive.name}. Opening a scratch place.`);
  const scratch = await openScratch(ctx, drilling, backup.manifest).catch(async (error: unknown) => {
    const room = await roomProblem();
    throw room === null ? error : new AppError("unavailable", room, { cause: error });
  });
  try {
    await ctx.db.backupDrill.updateMany({ where: { id: drill.id, fence: drilling.lease.fence }, data: { place: scratch.label } });
    await journal.write(`Restoring into ${scratch.label}.`);
    const ageMs = ctx.now().getTime() - new Date(backup.manifest.dataAsOf).getTime();
    const finding = await restoreInto(ctx, drilling, { backup, scratch });
    await report(journal, finding, backup.manifest.content.kind);
    await keep(ctx, drilling, { finding, dataAgeSeconds: Math.max(0, ageMs) / SECOND_MS });
  } finally {
    await scratch.destroy();
    await journal.write("The scratch place was destroyed.");
  }
}

/** Runs the drill that is queued under this id; does nothing when it is not waiting any more. */
export async function executeDrill(ctx: Context, drillId: string): Promise<void> {
  const fence = await claim(ctx, "drill", drillId);
  if (fence === null) return;
  const drill = await ctx.db.backupDrill.findUniqueOrThrow({ where: { id: drillId } });
  const plan = await findPlan(ctx, drill.planId);
  const lease = hold(ctx, { kind: "drill", id: drill.id, planId: plan.id, fence });
  const drilling = { drill, plan, lease, journal: openJournal(ctx, drill.id) };
  try {
    await work({ ...ctx, signal: lease.signal }, drilling);
  } catch (error) {
    ctx.log.warn({ err: error, drillId }, "a drill ended without a result");
    await fail(ctx, drilling, error);
  } finally {
    await lease.stop();
  }
}
