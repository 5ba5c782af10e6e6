/** Words and tones of backups on screen. Pure. */
import type { DrillRow, PlanRow, RestoreRow, RunRow } from "../../server/backups/schema.ts";
import { formatCount, formatSize, plural } from "../data/format.ts";
import type { State } from "../data/status.tsx";

type Level = PlanRow["standing"]["level"];

export const LEVEL_STATE: Record<Level, State> = { ok: "ok", warn: "warn", fail: "fail", unknown: "unknown", paused: "maintenance" };
export const LEVEL_WORD: Record<Level, string> = { ok: "Restorable", warn: "Look", fail: "At risk", unknown: "Not proven", paused: "Paused" };

/** State and word of a run in the catalogue. */
export const RUN_STATE: Record<RunRow["state"], State> = { queued: "unknown", running: "maintenance", stored: "unknown", verified: "ok", suspect: "warn", failed: "fail", cancelled: "unknown" };
export const RUN_WORD: Record<RunRow["state"], string> = { queued: "Waiting", running: "Running", stored: "Not tried", verified: "Verified", suspect: "Suspect", failed: "Failed", cancelled: "Cancelled" };

export const DRILL_STATE: Record<DrillRow["state"], State> = { queued: "unknown", running: "maintenance", passed: "ok", failed: "fail", cancelled: "unknown" };
export const DRILL_WORD: Record<DrillRow["state"], string> = { queued: "Waiting", running: "Running", passed: "Proven", failed: "Not proven", cancelled: "Cancelled" };

export const RESTORE_STATE: Record<RestoreRow["state"], State> = { queued: "unknown", running: "maintenance", done: "ok", failed: "fail", cancelled: "unknown" };
export const RESTORE_WORD: Record<RestoreRow["state"], string> = { queued: "Waiting", running: "Running", done: "Restored", failed: "Failed", cancelled: "Cancelled" };

export const TRIGGER_WORD: Record<RunRow["trigger"], string> = { scheduled: "by schedule", manual: "by hand", "pre-deploy": "before a deployment", api: "by a call", safety: "before a restore", cli: "from the command line" };

export const PHASE_WORD: Record<string, string> = {
  safety: "Backing up what is there",
  checking: "Checking the archive",
  preparing: "Preparing the target",
  restoring: "Restoring",
  comparing: "Comparing with the manifest",
  swapping: "Giving it its name",
  done: "Done",
  reading: "Reading and storing",
  finishing: "Finishing",
};

export const SOURCE_WORD: Record<PlanRow["sourceKind"], string> = { self: "PostgreSQL", postgres: "PostgreSQL", folder: "Folder", bucket: "Bucket" };

const MINUTE = 1;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An objective as people say it: 60 → "1 h", 360 → "6 h", 1440 → "24 h", 4320 → "3 d". */
export function minutesInWords(minutes: number): string {
  if (minutes < HOUR || minutes % HOUR !== 0) return `${minutes} min`;
  return minutes > DAY && minutes % DAY === 0 ? `${minutes / DAY} d` : `${minutes / HOUR} h`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number) => String(value).padStart(2, "0");

/** The clock and calendar of a zone, as numbers. */
export function partsIn(date: Date, timeZone: string): { year: number; month: number; day: number; hour: number; minute: number; weekday: number; key: string } {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB-u-hc-h23", { timeZone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" }).formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), key: `${year}-${two(month)}-${two(day)}` };
}

/** "Mon 16 Nov 20:00" in a zone; the year only when it is another one. */
export function momentIn(date: Date, timeZone: string, now: Date | null = null): string {
  const at = partsIn(date, timeZone);
  const today = now && partsIn(now, timeZone);
  const clock = `${two(at.hour)}:${two(at.minute)}`;
  if (today?.key === at.key) return `Today ${clock}`;
  return `${DAYS[at.weekday]} ${at.day} ${MONTHS[at.month - 1]}${today && today.year !== at.year ? ` ${at.year}` : ""} ${clock}`;
}

/** "20:00" in a zone. */
export function clockIn(date: Date, timeZone: string): string {
  const { hour, minute } = partsIn(date, timeZone);
  return `${two(hour)}:${two(minute)}`;
}

/** "7 Oct". */
export const dayIn = (date: Date, timeZone: string): string => {
  const { day, month } = partsIn(date, timeZone);
  return `${day} ${MONTHS[month - 1]}`;
};

/** The figure of a comparison: rows and tables of a database, files and their size otherwise. */
export function comparedFigure({ sourceKind, comparedTables, comparedRows }: Pick<RestoreRow, "sourceKind" | "comparedTables" | "comparedRows">) {
  const isFiles = sourceKind === "folder" || sourceKind === "bucket";
  if (isFiles) return { label: "Files compared", value: formatCount(comparedTables ?? 0), aside: formatSize(comparedRows ?? 0) };
  return { label: "Rows compared", value: formatCount(comparedRows ?? 0), aside: `in ${plural(comparedTables ?? 0, "table")}` };
}

/** How a failure says that something it wrote is still there. */
const LEFT = /could not be (removed|dropped) again/;

/** The end of a restore that brought nothing back; what is left of it is told even when somebody wanted it to end. */
export function endInWords({ state, problem }: Pick<RestoreRow, "state" | "problem">): { lead: string; rest?: string } {
  const isLeft = LEFT.test(problem ?? "");
  const lead = `${state === "cancelled" ? "Cancelled" : "Not restored"}; ${isLeft ? "something of it is left at the target" : "the target was not touched"}.`;
  return { lead, rest: state === "cancelled" && !isLeft ? undefined : (problem ?? undefined) };
}
