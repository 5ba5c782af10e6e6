/**
 * Schedules that people write: a cron line of five fields read as wall time in an IANA zone, and the instants it means.
 *
 * The rule where clocks change: a wall time that does not exist (the gap of spring) runs as much later as the clock jumps,
 * so 02:30 runs at 03:30; one that exists twice (the fold of autumn) runs at its first occurrence, once. A line with `*` as
 * its hour repeats within every hour, so it runs in both passes of a repeated hour. `croner` reads the line and finds the wall
 * times, as if the zone had no changes; Temporal turns them into instants.
 */
import { Cron } from "croner";
import cronstrue from "cronstrue";
import { DAY_MS, HOUR_MS } from "./clock.ts";
import { AppError } from "./errors.ts";

/** `line`: five cron fields; `zone`: an IANA name such as `Europe/Berlin`. */
export type Schedule = { line: string; zone: string };

/** Longer lines are lists of single minutes, better written as several plans. */
const MAX_LINE_LENGTH = 120;
/** Lists, ranges, steps, names of days and months, `L` (last), `W` (nearest weekday) and `#` (nth weekday). */
const FIELDS = /^[\d*,/A-Za-z#-]+( [\d*,/A-Za-z#-]+){4}$/;
/** No zone has moved its clock by more than this at once (Samoa skipped a whole day). */
const LARGEST_SHIFT_MS = 26 * HOUR_MS;
/** A line that does not occur within this time never will: 29 February on a certain weekday takes up to 40 years. */
const HORIZON_MS = 41 * 366 * DAY_MS;
/** Looking back for the latest run: the first window that holds one ends the search. */
const LOOK_BACK_MS = [2 * HOUR_MS, 2 * DAY_MS, 40 * DAY_MS, 400 * DAY_MS, 4 * 366 * DAY_MS, HORIZON_MS];

const problem = (field: "cron" | "timeZone", message: string) => new AppError("invalid", message, { detail: { fields: { [field]: message } } });

/** The line with single spaces and capitals. */
const normalize = (line: string) => line.trim().replace(/\s+/g, " ").toUpperCase();

const patterns = new Map<string, Cron>();
const MOST_PATTERNS = 500;

function patternOf(line: string): Cron {
  const known = patterns.get(line);
  if (known) return known;
  const pattern = new Cron(line, { mode: "5-part", timezone: "UTC", paused: true });
  if (patterns.size >= MOST_PATTERNS) patterns.clear();
  patterns.set(line, pattern);
  return pattern;
}

/** Throws AppError `invalid` unless `zone` is an IANA name that this machine knows. */
export function checkZone(zone: string): void {
  try {
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError(zone);
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw problem("timeZone", `There is no time zone called "${zone}". Use a name such as Europe/Berlin or UTC.`);
  }
}

/**
 * Checks a schedule and returns it in its normal spelling. Throws AppError `invalid` with the field that is wrong, also for
 * a line that never occurs (30 February).
 */
export function readSchedule(schedule: Schedule): Schedule {
  checkZone(schedule.zone);
  const line = normalize(schedule.line);
  if (line.length > MAX_LINE_LENGTH) throw problem("cron", `A schedule has at most ${MAX_LINE_LENGTH} characters.`);
  if (!FIELDS.test(line)) throw problem("cron", "A schedule has five fields: minute, hour, day, month, weekday. For example 0 2 * * * is daily at 02:00.");
  let next: Date | null;
  try {
    next = patternOf(line).nextRun(new Date(0));
    cronstrue.toString(line);
  } catch {
    throw problem("cron", `"${schedule.line.trim()}" is not a schedule: check the ranges of its five fields (minute, hour, day, month, weekday).`);
  }
  if (next === null) throw problem("cron", "This schedule never occurs.");
  return { line, zone: schedule.zone };
}

/** Wall times are kept as the UTC instant that shows the same digits. */
function wallOf(at: number, zone: string): number {
  return at + Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

function instantsOf(wall: number, schedule: Schedule): number[] {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
  const first = plain.toZonedDateTime(schedule.zone, { disambiguation: "compatible" }).epochMilliseconds;
  if (schedule.line.split(" ")[1] !== "*") return [first];
  const second = plain.toZonedDateTime(schedule.zone, { disambiguation: "later" }).epochMilliseconds;
  return first === second ? [first] : [first, second];
}

function* wallsFrom(pattern: Cron, wall: number): Generator<number> {
  let next = pattern.nextRun(new Date(wall - 1));
  for (; next !== null; next = pattern.nextRun(next)) yield next.getTime();
}

type Change = { at: number; shiftMs: number };

/** The first change of the zone's clock that could concern instants after `at`. */
function changeAround(at: number, zone: string): Change | null {
  const from = Temporal.Instant.fromEpochMilliseconds(at - LARGEST_SHIFT_MS).toZonedDateTimeISO(zone);
  for (let change = from.getTimeZoneTransition("next"); change !== null; change = change.getTimeZoneTransition("next")) {
    const shiftMs = Math.abs(change.offsetNanoseconds - change.subtract({ nanoseconds: 1 }).offsetNanoseconds) / 1e6;
    if (shiftMs > 0 && change.epochMilliseconds + shiftMs > at) return { at: change.epochMilliseconds, shiftMs };
  }
  return null;
}

/** Everything in (from, to]; around a change wall times and instants are not in one order, so all are gathered and sorted. */
function gather(schedule: Schedule, from: number, span: { to: number; shiftMs: number }): number[] {
  const found = new Set<number>();
  const lastWall = wallOf(span.to, schedule.zone) + span.shiftMs;
  for (const wall of wallsFrom(patternOf(schedule.line), wallOf(from, schedule.zone) - span.shiftMs)) {
    if (wall > lastWall) break;
    for (const at of instantsOf(wall, schedule)) if (at > from && at <= span.to) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

/** Runs strictly after `after`, in order, without end unless the line ends. */
function* runsAfter(schedule: Schedule, after: number): Generator<number> {
  let from = after;
  while (from - after < HORIZON_MS) {
    const change = changeAround(from, schedule.zone);
    const quietUntil = change === null ? Number.POSITIVE_INFINITY : change.at - change.shiftMs;
    if (from < quietUntil) {
      const offset = wallOf(from, schedule.zone) - from;
      let hasMore = false;
      for (const wall of wallsFrom(patternOf(schedule.line), from + offset + 1)) {
        hasMore = wall - offset > quietUntil;
        if (hasMore) break;
        yield wall - offset;
      }
      if (!hasMore && change === null) return;
    }
    if (change === null) return;
    const to = change.at + change.shiftMs;
    yield* gather(schedule, Math.max(from, quietUntil), { to, shiftMs: change.shiftMs });
    from = to;
  }
}

/** The next `count` instants strictly after `after`; fewer only when the line ends. The schedule must have been read. */
export function nextRuns(schedule: Schedule, after: Date, count: number): Date[] {
  const runs: Date[] = [];
  for (const at of runsAfter(schedule, after.getTime())) {
    if (runs.push(new Date(at)) === count) break;
  }
  return runs;
}

/** The latest instant at or before `at`; null when there is none within 41 years. For catching up after downtime. */
export function latestRun(schedule: Schedule, at: Date): Date | null {
  for (const window of LOOK_BACK_MS) {
    let latest: number | null = null;
    for (const run of runsAfter(schedule, at.getTime() - window)) {
      if (run > at.getTime()) break;
      latest = run;
    }
    if (latest !== null) return new Date(latest);
  }
  return null;
}

/** The line in plain words, e.g. "At 02:00, on the first Monday of the month". The schedule must have been read. */
export function scheduleInWords(line: string): string {
  return cronstrue.toString(line, { use24HourTimeFormat: true });
}
