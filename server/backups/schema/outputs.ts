/** Plans, runs and drills as they are shown. Isomorphic. */
import * as z from "zod";
import { pageOf } from "../../platform/page.ts";
import { DrillRules } from "./drill-rules.ts";
import { Hooks } from "./hooks.ts";
import { CIPHERS, Content, ENGINE_KINDS, TRIGGERS } from "./manifest.ts";
import { PlanSource, PlanSourceKind } from "./plan-source.ts";
import { RetentionPolicy } from "./retention-policy.ts";

export const RunStateWord = z.enum(["queued", "running", "stored", "verified", "suspect", "failed", "cancelled"]);
export const TroubleWord = z.enum(["failed", "overdue", "drillFailed", "suspect", "uploadFailed", "lostCopies", "noDrill", "unencrypted"]);
export const LevelWord = z.enum(["ok", "warn", "fail", "unknown", "paused"]);

export const Finding = z.object({ level: z.enum(["ok", "warning", "problem"]), code: z.string(), message: z.string() });
export const Preflight = z.object({
  findings: z.array(Finding),
  mayRun: z.boolean(),
  version: z.string().nullable(),
  sourceBytes: z.number().nullable(),
  engine: z.enum(ENGINE_KINDS).nullable(),
  engineReason: z.string().nullable(),
});
export type Preflight = z.infer<typeof Preflight>;

export const Standing = z.object({
  level: LevelWord,
  lead: z.string(),
  detail: z.string(),
  troubles: z.array(TroubleWord),
  dataAtRiskMs: z.number().nullable(),
  verifiedAgeMs: z.number().nullable(),
});

export const ProgressView = z.object({
  phase: z.string(),
  bytes: z.number(),
  archiveBytes: z.number(),
  done: z.number(),
  total: z.number().nullable(),
  current: z.string().nullable(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type ProgressView = z.infer<typeof ProgressView>;

export const CopyView = z.object({
  storeId: z.string(),
  storeName: z.string(),
  storeKind: z.enum(["local", "s3"]),
  state: z.enum(["stored", "lost", "failed", "deleting", "deleted"]),
  bytes: z.number().nullable(),
  archiveName: z.string().nullable(),
  problem: z.string().nullable(),
  deleteRule: z.string().nullable(),
  deletedAt: z.date().nullable(),
});

export const Suspicion = z.object({ code: z.string(), message: z.string() });

export const RunRow = z.object({
  id: z.string(),
  planId: z.string(),
  trigger: z.enum(TRIGGERS),
  occurrenceAt: z.date().nullable(),
  state: RunStateWord,
  requestedBy: z.string(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  seconds: z.number().nullable(),
  dataAsOf: z.date().nullable(),
  bytes: z.number().nullable(),
  plainBytes: z.number().nullable(),
  engine: z.enum(ENGINE_KINDS).nullable(),
  engineReason: z.string().nullable(),
  sourceVersion: z.string().nullable(),
  cipher: z.enum(CIPHERS).nullable(),
  keyId: z.string().nullable(),
  rows: z.number().nullable(),
  tables: z.number().int().nullable(),
  files: z.number().nullable(),
  suspicions: z.array(Suspicion),
  problem: z.string().nullable(),
  problemCode: z.string().nullable(),
  verifiedAt: z.date().nullable(),
  lock: z.object({ by: z.string(), at: z.date(), reason: z.string() }).nullable(),
  isCancelling: z.boolean(),
  progress: ProgressView.nullable(),
  copies: z.array(CopyView),
});
export type RunRow = z.infer<typeof RunRow>;

export const RunPage = pageOf(RunRow);
export const RunDetail = RunRow.extend({ planName: z.string(), planSlug: z.string(), content: Content.nullable(), manifestName: z.string().nullable() });
export type RunDetail = z.infer<typeof RunDetail>;

export const Difference = z.object({ severity: z.enum(["wrong", "note"]), what: z.string(), expected: z.string(), found: z.string() });
export const AssertionResult = z.object({ name: z.string(), sql: z.string(), isTrue: z.boolean(), problem: z.string().nullable() });

export const DrillRow = z.object({
  id: z.string(),
  planId: z.string(),
  runId: z.string(),
  storeName: z.string(),
  trigger: z.enum(["scheduled", "after-backup", "manual"]),
  state: z.enum(["queued", "running", "passed", "failed", "cancelled"]),
  requestedBy: z.string(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  backupTakenAt: z.date().nullable(),
  progress: z.object({ phase: z.string(), bytes: z.number(), done: z.number(), total: z.number().nullable(), current: z.string().nullable() }).nullable(),
  restoreSeconds: z.number().nullable().describe("Measured restore time."),
  dataAgeSeconds: z.number().nullable().describe("Age of the newest data when the drill began."),
  comparedRows: z.number().nullable().describe("Of files: their bytes."),
  comparedTables: z.number().int().nullable().describe("Of files: how many."),
  differences: z.array(Difference),
  assertions: z.array(AssertionResult),
  place: z.string().nullable().describe("Where it restored: a throw-away PostgreSQL, a folder, or the server that the plan names."),
  problem: z.string().nullable(),
});
export type DrillRow = z.infer<typeof DrillRow>;
export const DrillPage = pageOf(DrillRow);
export const DrillDetail = DrillRow.extend({ planName: z.string(), planSlug: z.string(), sourceKind: PlanSourceKind });
export type DrillDetail = z.infer<typeof DrillDetail>;

export const SuccessRate = z.object({ stored: z.number().int(), ended: z.number().int(), ratio: z.number().nullable() });

export const PlanRow = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  sourceKind: PlanSourceKind,
  sourceLabel: z.string(),
  sourceVersion: z.string().nullable(),
  isSelf: z.boolean(),
  hasSource: z.boolean(),
  cron: z.string(),
  timeZone: z.string(),
  scheduleInWords: z.string(),
  nextRunAt: z.date().nullable(),
  nextDrillAt: z.date().nullable(),
  pausedAt: z.date().nullable(),
  archivedAt: z.date().nullable(),
  isEncrypted: z.boolean(),
  rpoMinutes: z.number().int(),
  rtoMinutes: z.number().int(),
  standing: Standing,
  activeRunId: z.string().nullable(),
  activeDrillId: z.string().nullable(),
  lastBytes: z.number().nullable(),
  lastRestoreSeconds: z.number().nullable(),
  lastDrillAt: z.date().nullable(),
  copies: z.number().int(),
  stores: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["local", "s3"]) })),
  success30d: SuccessRate,
  successAll: SuccessRate,
});
export type PlanRow = z.infer<typeof PlanRow>;
export const PlanPage = pageOf(PlanRow);

export const PlanDetail = PlanRow.extend({
  source: PlanSource.nullable().describe("Secrets are masked."),
  engine: z.enum(["auto", ...ENGINE_KINDS]),
  cipher: z.enum(CIPHERS),
  retention: z.array(z.object({ storeId: z.string(), storeName: z.string(), policy: RetentionPolicy })),
  drill: DrillRules,
  drillServerUrl: z.string().nullable().describe("Its password is masked."),
  hooks: Hooks,
  expectedBytes: z.number().nullable(),
  volatileTables: z.array(z.string()),
  hashFullUpToBytes: z.number(),
  findings: z.array(Finding),
  service: z.object({ id: z.string(), name: z.string(), slug: z.string() }).nullable().describe("Whose data it is."),
  checkedAt: z.date().nullable(),
  storedBytes: z.number(),
  sizeChange7d: z.number().nullable().describe("Relative change of size over a week."),
  revision: z.number().int(),
  createdAt: z.date(),
  updatedAt: z.date(),
  updatedBy: z.string().nullable().describe("Who changed it last; null when nobody did since that is noted."),
});
export type PlanDetail = z.infer<typeof PlanDetail>;

/** The runs of some weeks in few words each: for the calendar and the charts. */
export const RunHistory = z.object({
  timeZone: z.string(),
  runs: z.array(z.object({ id: z.string(), at: z.date(), state: RunStateWord, bytes: z.number().nullable(), seconds: z.number().nullable() })),
  drills: z.array(z.object({ id: z.string(), at: z.date(), isPassed: z.boolean() })),
});
export type RunHistory = z.infer<typeof RunHistory>;

export const SchedulePreview = z.object({ words: z.string(), next: z.array(z.date()) });

export const RetentionPreview = z.object({
  stays: z.number().int(),
  goes: z.number().int(),
  goesBytes: z.number(),
  refusal: z.string().nullable(),
  decisions: z.array(z.object({ runId: z.string(), takenAt: z.date(), state: RunStateWord, bytes: z.number().nullable(), goes: z.boolean(), rule: z.string() })),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;

export const BackupsSummary = z.object({
  plans: z.number().int(),
  troubled: z.number().int(),
  level: LevelWord,
  sentence: z.string(),
  /** The plan whose proof is oldest against its objective. */
  worst: z.object({ id: z.string(), name: z.string(), slug: z.string(), verifiedAgeMs: z.number().nullable(), dataAtRiskMs: z.number().nullable(), rpoMinutes: z.number(), rtoMinutes: z.number(), level: LevelWord, lead: z.string() }).nullable(),
  nextRunAt: z.date().nullable(),
  nextRunPlan: z.string().nullable(),
  lastDrill: z.object({ at: z.date(), isPassed: z.boolean(), restoreSeconds: z.number().nullable(), planName: z.string() }).nullable(),
  success30d: SuccessRate,
  successAll: SuccessRate,
  running: z.number().int(),
});
export type BackupsSummary = z.infer<typeof BackupsSummary>;

export const KitStatus = z.object({ keyId: z.string(), takenAt: z.date().nullable(), takenBy: z.string().nullable(), isNeeded: z.boolean() });
export const KitText = z.object({ fileName: z.string(), text: z.string() });
