/**
 * Words of the module. A store is a place for backups; a plan says what is backed up, when, where to and for how long; a
 * run is one execution of a plan, and what it stored is a backup; a copy is that backup in one store; a drill restores
 * a backup into a scratch place and compares; a restore brings one back for use. Only a passed drill makes a backup
 * verified. Sizes are bytes, spans seconds or milliseconds as named, times UTC; `timeZone` is the plan's. Isomorphic.
 */
import * as z from "zod";
import { pageInput, pageOf } from "../platform/page.ts";
import { DEFAULT_DRILL_CRON, DEFAULT_EVERY_NTH, DrillRules, DrillServerUrl } from "./schema/drill-rules.ts";
import { HASH_FULL_UP_TO_BYTES } from "./schema/hash-limit.ts";
import { Hooks } from "./schema/hooks.ts";
import { CIPHERS, ENGINE_KINDS } from "./schema/manifest.ts";
import { PlanSource } from "./schema/plan-source.ts";
import { RestoreRow } from "./schema/restore-words.ts";
import { RetentionPolicy } from "./schema/retention-policy.ts";

export * from "./schema/outputs.ts";
export * from "./schema/restore-words.ts";
export * from "./schema/store-words.ts";
export type Hooks = z.infer<typeof Hooks>;
export { DEFAULT_DRILL_CRON, DEFAULT_EVERY_NTH, DrillRules, Hooks, PlanSource, RetentionPolicy };
export { defaultRetention } from "./schema/retention-policy.ts";

const NAME_MAX = 80;
const YEAR_MINUTES = 527_040;
const MOST_STORES = 8;
const MOST_GLOBS = 50;

export const PlanId = z.object({ id: z.string().min(1).max(80).describe("Id or slug of the plan.") });
export const RunId = z.object({ id: z.string().min(1).max(64) });
export const DrillId = z.object({ id: z.string().min(1).max(64) });
export const NoInput = z.object({});
export const Done = z.object({ ok: z.literal(true) });

/** How often and in which zone. */
export const ScheduleInput = z.object({
  cron: z.string().trim().min(1).max(120),
  timeZone: z.string().trim().min(1).max(60).default("UTC"),
});

/** A store of the plan with how long copies are kept there; the default of its kind when absent. */
export const PlanStoreInput = z.object({ storeId: z.string().max(64), retention: RetentionPolicy.optional() });

const minutes = z.coerce.number().int().min(1).max(YEAR_MINUTES);

const planFields = {
  name: z.string().trim().min(1, "Give the plan a name").max(NAME_MAX),
  serviceId: z.string().max(64).nullable().describe("The service whose data it is; its readiness counts this plan."),
  source: PlanSource,
  engine: z.enum(["auto", ...ENGINE_KINDS]),
  stores: z.array(PlanStoreInput).min(1, "Choose at least one store").max(MOST_STORES),
  cipher: z.enum(CIPHERS),
  rpoMinutes: minutes.describe("Age that the newest backup may reach."),
  rtoMinutes: minutes.describe("Time that a restore may take."),
  drill: DrillRules,
  drillServerUrl: DrillServerUrl.nullable().describe("A PostgreSQL server on which drills restore, another one than the source; null: a throw-away one, started for each drill."),
  hooks: Hooks,
  expectedBytes: z.coerce.number().int().min(0).nullable().describe("What a backup should weigh, until enough of them make a median."),
  volatileTables: z.array(z.string().trim().min(1).max(200)).max(MOST_GLOBS).describe("Globs over schema.table whose rows come and go."),
  hashFullUpToBytes: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).describe("Tables up to this many bytes are hashed row by row, larger ones by every 64th row."),
};

const DAY_MINUTES = 1_440;
const HOUR_MINUTES = 60;

export const CreatePlan = z.object({
  slug: z.string().trim().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower-case letters, digits and -").min(2).max(50).optional().describe("The name in addresses; made from the name when absent."),
  ...planFields,
  ...ScheduleInput.shape,
  serviceId: planFields.serviceId.default(null),
  engine: planFields.engine.default("auto"),
  cipher: planFields.cipher.default("aes-256-gcm"),
  rpoMinutes: planFields.rpoMinutes.default(DAY_MINUTES),
  rtoMinutes: planFields.rtoMinutes.default(HOUR_MINUTES),
  drill: planFields.drill.default({ cron: DEFAULT_DRILL_CRON, everyNth: DEFAULT_EVERY_NTH, assertions: [] }),
  drillServerUrl: planFields.drillServerUrl.default(null),
  hooks: planFields.hooks.default([]),
  expectedBytes: planFields.expectedBytes.default(null),
  volatileTables: planFields.volatileTables.default([]),
  hashFullUpToBytes: planFields.hashFullUpToBytes.default(HASH_FULL_UP_TO_BYTES),
});
export type CreatePlan = z.infer<typeof CreatePlan>;

export const UpdatePlan = PlanId.extend({
  revision: z.number().int().min(1).describe("The revision that was edited; another one is refused."),
  ...z.object({ ...planFields, ...ScheduleInput.shape }).partial().shape,
  timeZone: z.string().trim().min(1).max(60).optional(),
});
export type UpdatePlan = z.infer<typeof UpdatePlan>;

/** Tries a source and stores without saving. */
export const CheckPlan = z.object({
  planId: z.string().max(64).optional().describe("An existing plan whose masked secrets are to be used."),
  source: PlanSource,
  engine: planFields.engine.default("auto"),
  storeIds: z.array(z.string().max(64)).max(MOST_STORES).default([]),
  drillServerUrl: planFields.drillServerUrl.default(null),
});
export type CheckPlan = z.infer<typeof CheckPlan>;

export const ListPlans = z.object({ ...pageInput, archived: z.boolean().default(false) });
export type ListPlans = z.infer<typeof ListPlans>;

export const PreviewRetention = PlanId.extend({
  storeId: z.string().max(64),
  policy: RetentionPolicy.optional().describe("The saved policy when absent."),
});
export type PreviewRetention = z.infer<typeof PreviewRetention>;

export const ApplyRetention = PlanId.extend({
  storeId: z.string().max(64),
  expectedGoes: z.number().int().min(1).describe("How many copies the preview said would go; another number is refused."),
});
export type ApplyRetention = z.infer<typeof ApplyRetention>;

export const RunNow = PlanId.extend({ trigger: z.enum(["manual", "pre-deploy", "api"]).default("manual") });
export type RunNow = z.infer<typeof RunNow>;

export const ListRuns = PlanId.extend({ ...pageInput, storeId: z.string().max(64).optional().describe("Only backups with a copy in this store.") });
export type ListRuns = z.infer<typeof ListRuns>;

export const LockBackup = RunId.extend({ reason: z.string().trim().min(3, "Say why it must be kept").max(200) });
export type LockBackup = z.infer<typeof LockBackup>;

export const DrillNow = PlanId.extend({
  runId: z.string().max(64).optional().describe("The newest stored backup when absent."),
  storeId: z.string().max(64).optional(),
});
export type DrillNow = z.infer<typeof DrillNow>;

export const ListDrills = PlanId.extend(pageInput);
export type ListDrills = z.infer<typeof ListDrills>;

export const ReadLog = z.object({ id: z.string().min(1).max(64).describe("A run, drill or restore."), after: z.string().regex(/^\d{1,18}$/).optional() });
export type ReadLog = z.infer<typeof ReadLog>;

export const LogPage = z.object({ lines: z.array(z.object({ id: z.string(), at: z.date(), level: z.enum(["info", "warn", "error"]), text: z.string() })) });
export const Applied = z.object({ goes: z.number().int() });
export const RestorePage = pageOf(RestoreRow);
