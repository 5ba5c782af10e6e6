/** Puts runs into a grid: a column for each day of six weeks, a row for each time of the day they are taken at. Pure. */
import type { RunHistory } from "../../server/backups/schema.ts";
import { dayIn, partsIn } from "./words.ts";

export type CalendarCell = { state: RunHistory["runs"][number]["state"] | "none" | "next"; id: string | null; at: Date | null };
export type CalendarDay = { key: string; head: string; cells: CalendarCell[]; drill: { id: string; isPassed: boolean } | null };
export type Calendar = { rows: string[]; days: CalendarDay[]; runs: number };

const DAYS = 42;
const DAY_MS = 86_400_000;
const WEEK = 7;
/** More times of the day than this are gathered by hour, and more hours than this into one row with the worst of the day. */
const MOST_ROWS = 8;

const WORST: readonly string[] = ["failed", "suspect", "running", "queued", "stored", "verified", "cancelled"];
const two = (value: number) => String(value).padStart(2, "0");

/** The label of the row that a time falls into. */
function rowNamer(times: readonly { hour: number; minute: number }[]): (time: { hour: number; minute: number }) => string {
  const exact = ({ hour, minute }: { hour: number; minute: number }) => `${two(hour)}:${two(minute)}`;
  if (new Set(times.map(exact)).size <= MOST_ROWS) return exact;
  const hourly = ({ hour }: { hour: number }) => `${two(hour)}:00`;
  return new Set(times.map(hourly)).size <= MOST_ROWS ? hourly : () => "All";
}

const worse = (a: CalendarCell, b: CalendarCell) => (WORST.indexOf(b.state) < WORST.indexOf(a.state) ? b : a);

/** Builds the grid as of `now`. The next planned run is a dashed cell when it falls on the last day. */
export function buildCalendar(history: RunHistory, now: Date, nextRunAt: Date | null): Calendar {
  const zone = history.timeZone;
  const since = now.getTime() - (DAYS - 1) * DAY_MS;
  const runs = history.runs.filter(({ at }) => at.getTime() >= since - DAY_MS).map((run) => ({ run, parts: partsIn(run.at, zone) }));
  const next = nextRunAt && { parts: partsIn(nextRunAt, zone), at: nextRunAt };
  const nameOf = rowNamer([...runs.map(({ parts }) => parts), ...(next ? [next.parts] : [])]);
  const rows = [...new Set([...runs.map(({ parts }) => nameOf(parts)), ...(next ? [nameOf(next.parts)] : [])])].sort();
  const cells = new Map<string, CalendarCell>();
  for (const { run, parts } of runs) {
    const key = `${parts.key} ${nameOf(parts)}`;
    const cell: CalendarCell = { state: run.state, id: run.id, at: run.at };
    const known = cells.get(key);
    cells.set(key, known ? worse(known, cell) : cell);
  }
  if (next) {
    const key = `${next.parts.key} ${nameOf(next.parts)}`;
    if (!cells.has(key)) cells.set(key, { state: "next", id: null, at: next.at });
  }
  const drills = new Map(history.drills.map(({ id, at, isPassed }) => [partsIn(at, zone).key, { id, isPassed }]));
  const days = Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(since + index * DAY_MS);
    const { key } = partsIn(at, zone);
    const isLast = index === DAYS - 1;
    const head = isLast ? "Today" : index % WEEK === 0 ? dayIn(at, zone) : "";
    return { key, head, cells: rows.map((row) => cells.get(`${key} ${row}`) ?? { state: "none" as const, id: null, at: null }), drill: drills.get(key) ?? null };
  });
  return { rows, days, runs: runs.length };
}
