/** When drills are due, and how long may pass without one. Pure. */
import { DAY_MS } from "../platform/clock.ts";
import { nextRuns, type Schedule } from "../platform/cron.ts";
import type { DrillRules } from "./schema/drill-rules.ts";

/** A drill may start late or wait for a backup; a day is not worth an alert. */
const PERIOD_GRACE_MS = 3 * DAY_MS;
/** Without a schedule a month is the longest that proof is believed. */
const WITHOUT_SCHEDULE_MS = 31 * DAY_MS;
/** A year of monthly drills, so that the widest gap is among them. */
const LOOK_AHEAD = 14;

export type Progress = { backupsSinceDrill: number; hasDrilled: boolean; nextDrillAt: Date | null };

/**
 * Why a drill is due after a backup was stored: the first backup ever is drilled at once, later every n-th, and whatever
 * the calendar asks for. Null when none is due.
 */
export function drillDue(rules: DrillRules, { backupsSinceDrill, hasDrilled, nextDrillAt }: Progress, now: Date): "scheduled" | "after-backup" | null {
  if (nextDrillAt !== null && nextDrillAt.getTime() <= now.getTime()) return "scheduled";
  if (rules.everyNth !== null && (!hasDrilled || backupsSinceDrill >= rules.everyNth)) return "after-backup";
  return null;
}

/** The next drill by the calendar, null without one. */
export function nextDrill(rules: DrillRules, zone: string, after: Date): Date | null {
  return rules.cron === null ? null : (nextRuns({ line: rules.cron, zone }, after, 1)[0] ?? null);
}

/** The longest time between two passed drills that is still within the plan: the widest gap of its calendar, and a grace. */
export function drillPeriodMs(rules: DrillRules, zone: string, from: Date): number {
  if (rules.cron === null) return WITHOUT_SCHEDULE_MS + PERIOD_GRACE_MS;
  const schedule: Schedule = { line: rules.cron, zone };
  const runs = nextRuns(schedule, from, LOOK_AHEAD);
  const gaps = runs.slice(1).map((run, index) => run.getTime() - (runs[index]?.getTime() ?? 0));
  return Math.max(0, ...gaps) + PERIOD_GRACE_MS;
}
