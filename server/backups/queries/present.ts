/** From rows of the database to the module's words: states computed, secrets masked, big numbers as numbers. */
import type { BackupCopy, BackupDrill, BackupRestore, BackupRun, BackupStore } from "../../../prisma/generated/client.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import type { RunProgress } from "../archive/operations.ts";
import { paceOf } from "../pace.ts";
import { runState } from "../run-state.ts";
import type { Content } from "../schema/manifest.ts";
import type { DrillRow, ProgressView, RestoreRow, RunRow } from "../schema.ts";
import type { Suspicion } from "../suspicion.ts";

type CopyWithStore = BackupCopy & { store: Pick<BackupStore, "name" | "kind"> };
export type RunWithCopies = Omit<BackupRun, "content"> & { copies: CopyWithStore[]; counts?: RunCounts };

/** What a list needs of a backup's contents, without reading its tables one by one. */
export type RunCounts = { rows: bigint | null; tables: number | null; files: bigint | null };

const asNumber = (value: bigint | null | undefined): number | null => (value === null || value === undefined ? null : Number(value));
const spanSeconds = (from: Date | null, to: Date | null): number | null => (from && to ? (to.getTime() - from.getTime()) / SECOND_MS : null);

/** Sums of a manifest's content. */
export function countsOf(content: Content): { rows: number | null; tables: number | null; files: number | null } {
  if (content.kind !== "database") return { rows: null, tables: null, files: content.files };
  return { rows: content.tables.reduce((sum, table) => sum + table.rows, 0), tables: content.tables.length, files: null };
}

function progressOf(run: RunWithCopies, now: Date, expectedBytes: number | null): ProgressView | null {
  const progress = run.progress as RunProgress | null;
  if (run.state !== "running" || !progress || !run.startedAt) return null;
  const { phase, bytes, archiveBytes, done, total, current } = progress;
  return { phase, bytes, archiveBytes, done, total, current, ...paceOf({ bytes, elapsedMs: now.getTime() - run.startedAt.getTime(), expectedBytes }) };
}

function toCopy(copy: CopyWithStore): RunRow["copies"][number] {
  return {
    storeId: copy.storeId,
    storeName: copy.store.name,
    storeKind: copy.store.kind as "local" | "s3",
    state: copy.state as RunRow["copies"][number]["state"],
    bytes: asNumber(copy.bytes),
    archiveName: copy.archiveName,
    problem: copy.problem ?? copy.manifestProblem ?? copy.deleteProblem,
    deleteRule: copy.deleteRule,
    deletedAt: copy.deletedAt,
  };
}

/** A run for the screen; `expectedBytes` is what the run before read, for the time left. */
export function toRunRow(run: RunWithCopies, now: Date, expectedBytes: number | null = null): RunRow {
  const suspicions = run.suspicions as Suspicion[];
  return {
    id: run.id,
    planId: run.planId,
    trigger: run.trigger as RunRow["trigger"],
    occurrenceAt: run.occurrenceAt,
    state: runState({ ...run, suspicions }),
    requestedBy: run.requestedBy,
    requestedAt: run.requestedAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    seconds: spanSeconds(run.startedAt, run.finishedAt),
    dataAsOf: run.dataAsOf,
    bytes: asNumber(run.bytes),
    plainBytes: asNumber(run.plainBytes),
    engine: run.engine as RunRow["engine"],
    engineReason: run.engineReason,
    sourceVersion: run.sourceVersion,
    cipher: run.cipher as RunRow["cipher"],
    keyId: run.keyId,
    rows: asNumber(run.counts?.rows),
    tables: run.counts?.tables ?? null,
    files: asNumber(run.counts?.files),
    suspicions: run.refutedAt === null ? suspicions : [...suspicions, { code: "drill", message: "A drill could not prove it." }],
    problem: run.problem,
    problemCode: run.problemCode,
    verifiedAt: run.verifiedAt,
    lock: run.lockedAt && { by: run.lockedBy ?? "", at: run.lockedAt, reason: run.lockReason ?? "" },
    isCancelling: run.cancelRequestedAt !== null && (run.state === "queued" || run.state === "running"),
    progress: progressOf(run, now, expectedBytes),
    copies: run.copies.map(toCopy),
  };
}

/** A drill for the screen. */
export function toDrillRow(drill: BackupDrill & { run: Pick<BackupRun, "dataAsOf"> }, storeName: string): DrillRow {
  return {
    id: drill.id,
    planId: drill.planId,
    runId: drill.runId,
    storeName,
    trigger: drill.trigger as DrillRow["trigger"],
    state: drill.state as DrillRow["state"],
    requestedBy: drill.requestedBy,
    requestedAt: drill.requestedAt,
    startedAt: drill.startedAt,
    finishedAt: drill.finishedAt,
    backupTakenAt: drill.run.dataAsOf,
    progress: drill.state === "running" ? (drill.progress as DrillRow["progress"]) : null,
    restoreSeconds: drill.restoreSeconds,
    dataAgeSeconds: drill.dataAgeSeconds,
    comparedRows: asNumber(drill.comparedRows),
    comparedTables: drill.comparedTables,
    differences: drill.differences as DrillRow["differences"],
    place: drill.place,
    assertions: drill.assertions as DrillRow["assertions"],
    problem: drill.problem,
  };
}

type Comparison = { tables: number; rows: string; differences: RestoreRow["differences"] };

/** A restore for the screen. */
export function toRestoreRow(restore: BackupRestore & { plan: { name: string; slug: string; sourceKind: string } }): RestoreRow {
  const comparison = restore.comparison as Comparison | null;
  return {
    id: restore.id,
    planId: restore.planId,
    planName: restore.plan.name,
    planSlug: restore.plan.slug,
    sourceKind: restore.plan.sourceKind as RestoreRow["sourceKind"],
    runId: restore.runId,
    mode: restore.mode as RestoreRow["mode"],
    targetLabel: restore.targetLabel,
    state: restore.state as RestoreRow["state"],
    phase: restore.phase,
    requestedBy: restore.requestedBy,
    requestedAt: restore.requestedAt,
    startedAt: restore.startedAt,
    finishedAt: restore.finishedAt,
    progress: restore.state === "running" ? (restore.progress as RestoreRow["progress"]) : null,
    isCancelling: restore.cancelRequestedAt !== null && (restore.state === "queued" || restore.state === "running"),
    comparedTables: comparison?.tables ?? null,
    comparedRows: comparison === null ? null : Number(comparison.rows),
    differences: comparison?.differences ?? [],
    leftOut: restore.leftOut as RestoreRow["leftOut"],
    formerName: restore.formerName,
    safetyRunId: restore.safetyRunId,
    seconds: restore.seconds,
    problem: restore.problem,
  };
}
