/** Restores as they are prepared, confirmed and shown. Isomorphic. */
import * as z from "zod";
import { Difference } from "./outputs.ts";
import { PlanSourceKind } from "./plan-source.ts";

export const RESTORE_MODES = ["create", "replace"] as const;

const databaseName = z.string().trim().regex(/^[a-z_][a-z0-9_-]{0,59}$/, "Use lower-case letters, digits, _ and -; begin with a letter");

/** Where to restore to. A database goes to the source's server unless another address is given. */
export const RestoreTarget = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("database"),
    database: databaseName,
    mode: z.enum(RESTORE_MODES).default("create"),
    url: z.string().trim().max(2_000).regex(/^postgres(ql)?:\/\/[^\s]+$/, "Must begin with postgresql://").optional(),
  }),
  z.object({ kind: z.literal("folder"), path: z.string().trim().min(2).max(1_024).regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, "Must be an absolute path") }),
  z.object({ kind: z.literal("bucket"), prefix: z.string().trim().min(1).max(200).regex(/^[A-Za-z0-9][A-Za-z0-9_./-]*$/, "May hold letters, digits, dots, / and -") }),
]);
export type RestoreTarget = z.infer<typeof RestoreTarget>;

export const Selection = z.object({
  tables: z.array(z.string().trim().min(3).max(200)).max(500).optional(),
  files: z.array(z.string().trim().min(1).max(500)).max(500).optional(),
});
export type Selection = z.infer<typeof Selection>;

const choice = { runId: z.string().min(1).max(64), storeId: z.string().max(64).optional(), target: RestoreTarget, selection: Selection.default({}) };

export const PrepareRestore = z.object(choice);
export type PrepareRestore = z.infer<typeof PrepareRestore>;

export const RestoreOutlook = z.object({
  /** What the restore brings back. */
  dataAsOf: z.date(),
  lostMs: z.number().nullable().describe("Age of the data: what a replacement loses. Null when nothing is replaced."),
  tables: z.number().int(),
  rows: z.number(),
  bytes: z.number(),
  state: z.string(),
  expectedSeconds: z.number().nullable().describe("What the last drill took."),
  targetLabel: z.string(),
  targetExists: z.boolean(),
  sessions: z.array(z.object({ user: z.string(), application: z.string(), address: z.string().nullable(), since: z.date().nullable() })),
  problems: z.array(z.string()).describe("Why it cannot be started; empty when it can."),
  warnings: z.array(z.string()),
  /** Typed to confirm a replacement. */
  confirmation: z.string(),
  token: z.string().nullable().describe("Confirms exactly this restore, for ten minutes; null when it cannot be started."),
});
export type RestoreOutlook = z.infer<typeof RestoreOutlook>;

export const StartRestore = z.object({ ...choice, token: z.string().min(10).max(400), typed: z.string().max(200).optional() });
export type StartRestore = z.infer<typeof StartRestore>;

export const RestoreId = z.object({ id: z.string().min(1).max(64) });

export const RestoreRow = z.object({
  id: z.string(),
  planId: z.string(),
  planName: z.string(),
  planSlug: z.string(),
  sourceKind: PlanSourceKind,
  runId: z.string(),
  mode: z.enum(RESTORE_MODES),
  targetLabel: z.string(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  phase: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  progress: z.object({ bytes: z.number(), done: z.number(), total: z.number().nullable(), current: z.string().nullable() }).nullable(),
  isCancelling: z.boolean(),
  comparedTables: z.number().int().nullable().describe("Of files: how many."),
  comparedRows: z.number().nullable().describe("Of files: their bytes."),
  differences: z.array(Difference),
  leftOut: z.array(z.object({ what: z.string(), reason: z.string() })),
  formerName: z.string().nullable(),
  safetyRunId: z.string().nullable(),
  seconds: z.number().nullable(),
  problem: z.string().nullable(),
});
export type RestoreRow = z.infer<typeof RestoreRow>;
