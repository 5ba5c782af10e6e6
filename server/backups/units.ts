/** Sizes and spans in words, for sentences that leave the console: logs, reasons, the standing of a plan. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../platform/clock.ts";

const KIBIBYTE = 1_024;
export const MEBIBYTE = KIBIBYTE ** 2;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.94 GiB`: three significant digits, binary units. */
export function sizeInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= KIBIBYTE && unit < UNITS.length - 1) {
    value /= KIBIBYTE;
    unit += 1;
  }
  const text = unit === 0 ? String(value) : Number(value.toPrecision(3)).toString();
  return `${text} ${UNITS[unit]}`;
}

/** `220,500`: groups of three, as the pages write numbers. */
export const countInWords = (n: number): string => n.toLocaleString("en-GB");

const count = (n: number, unit: string) => `${countInWords(n)} ${unit}${n === 1 ? "" : "s"}`;

/** What a restore was held against: `2 tables and 300 rows`, `1 file of 3 KiB`. */
export function comparedInWords({ tables, rows }: { tables: number; rows: string }, content: "database" | "folder" | "bucket"): string {
  if (content !== "database") return `${count(tables, "file")} of ${sizeInWords(Number(rows))}`;
  return `${count(tables, "table")} and ${count(Number(rows), "row")}`;
}

/** A span in one word and a number, rounded down: `5 hours`, `40 minutes`, `3 days`. */
export function spanInWords(ms: number): string {
  if (ms < MINUTE_MS) return count(Math.max(0, Math.floor(ms / SECOND_MS)), "second");
  if (ms < HOUR_MS) return count(Math.floor(ms / MINUTE_MS), "minute");
  if (ms < 2 * DAY_MS) return count(Math.floor(ms / HOUR_MS), "hour");
  return count(Math.floor(ms / DAY_MS), "day");
}

/** Less says nothing that matters to whoever waits for a restore. */
const SHORTEST_SECONDS = 0.1;

/** Seconds as an operator says them: `0.8 s`, `41 s`, `3 min 20 s`, `1 h 05 min`. */
export function secondsInWords(seconds: number): string {
  const MINUTE = 60;
  const HOUR = 3_600;
  if (seconds < SHORTEST_SECONDS) return `less than ${SHORTEST_SECONDS} s`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  return `${Math.floor(whole / HOUR)} h ${String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, "0")} min`;
}

/** A moment as people say it in a zone: `02:00 today`, `20:00 yesterday`, `02:00 on 14 November`. */
export function momentInWords(at: Date, now: Date, zone: string): string {
  const local = (date: Date) => Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone);
  const then = local(at);
  const today = local(now).toPlainDate();
  const clock = `${String(then.hour).padStart(2, "0")}:${String(then.minute).padStart(2, "0")}`;
  const daysAgo = then.toPlainDate().until(today, { largestUnit: "days" }).days;
  if (daysAgo === 0) return `${clock} today`;
  if (daysAgo === 1) return `${clock} yesterday`;
  const month = new Intl.DateTimeFormat("en-GB", { timeZone: zone, month: "long" }).format(at);
  return `${clock} on ${then.day} ${month}${then.year === today.year ? "" : ` ${then.year}`}`;
}
