/** What the queue runs for backups. Runs, drills and restores are rows of their own; a job only says that one is due. */
import * as z from "zod";
import { HOUR_MS, MINUTE_MS } from "../platform/clock.ts";
import { defineJob } from "../platform/queue/define.ts";

/** A terabyte at 25 MB/s; whatever takes longer needs another tool. */
const LONGEST_MS = 12 * HOUR_MS;

// Nothing is tried again by the queue: a run that died is marked failed, and the schedule or a person starts the next.

/** Takes one backup. */
export const runJob = defineJob({ name: "backups.run", input: z.object({ runId: z.string() }), retries: 0, timeoutMs: LONGEST_MS, concurrency: 2 });

/** Restores one backup into a scratch place and compares. */
export const drillJob = defineJob({ name: "backups.drill", input: z.object({ drillId: z.string() }), retries: 0, timeoutMs: LONGEST_MS, concurrency: 1 });

/** Brings one backup back. */
export const restoreJob = defineJob({ name: "backups.restore", input: z.object({ restoreId: z.string() }), retries: 0, timeoutMs: LONGEST_MS, concurrency: 1 });

/** Decides and deletes what no rule keeps, for every plan and store. */
export const retainJob = defineJob({ name: "backups.retain", input: z.object({}), retries: 2, timeoutMs: HOUR_MS, cron: { line: "23 * * * *", input: {} } });

/** Removes what killed writers left in stores and in the working folder. */
export const sweepJob = defineJob({ name: "backups.sweep", input: z.object({ storeIds: z.array(z.string()), runIds: z.array(z.string()) }), retries: 3, timeoutMs: 10 * MINUTE_MS });

/** Tests every store and every plan's source, so that the page can warn before the next run fails. */
export const checkJob = defineJob({ name: "backups.check", input: z.object({}), retries: 1, timeoutMs: 15 * MINUTE_MS, cron: { line: "41 * * * *", input: {} } });

/** Seals the secrets of stores and plans with the keyring's current key. */
export const resealJob = defineJob({ name: "backups.reseal", input: z.object({}), retries: 3, timeoutMs: 10 * MINUTE_MS, cron: { line: "*/10 * * * *", input: {} } });
