/** When a plan's backups are proven, and what must be true in the restored copy. Isomorphic. */
import * as z from "zod";

const MOST_ASSERTIONS = 20;
const SQL_MAX = 2_000;

/** One question to the restored database: `sql` must return one row whose first column is true. */
export const Assertion = z.object({
  name: z.string().trim().min(1).max(80),
  sql: z.string().trim().min(6).max(SQL_MAX).regex(/^(select|with|values|table)\b/i, "Must be a query that begins with SELECT"),
});
export type Assertion = z.infer<typeof Assertion>;

/** A week of daily backups: proof is never much older than that, and a restore a week is little work. */
export const DEFAULT_EVERY_NTH = 7;

/** A server for drills; the database in its address is not used. */
export const DrillServerUrl = z
  .string()
  .trim()
  .max(2_000)
  .regex(/^postgres(ql)?:\/\/[^\s]+$/, "Must begin with postgresql://")
  .refine((text) => URL.canParse(text) && new URL(text).hostname !== "", "Must name a server: postgresql://user:password@host:5432/postgres");

/** The first Monday of each month, in the morning when people are there to read the result. */
export const DEFAULT_DRILL_CRON = "0 4 * * 1#1";

export const DrillRules = z.object({
  /** By the calendar, in the plan's zone; null for none. */
  cron: z.string().trim().max(120).nullable().default(DEFAULT_DRILL_CRON),
  /** After the first backup and then after every n-th; null for never. */
  everyNth: z.coerce.number().int().min(1).max(1_000).nullable().default(DEFAULT_EVERY_NTH),
  assertions: z.array(Assertion).max(MOST_ASSERTIONS).default([]),
});
export type DrillRules = z.infer<typeof DrillRules>;
