/**
 * What a queue's clocks mean: in words, and when they run next. Besides the five fields of the console's own schedules
 * these are lines of other systems: six fields with seconds first, nicknames such as `@daily`, recurrence rules
 * (RFC 5545) and plain intervals. What nobody understands is shown as it is written.
 */
import { Cron } from "croner";
import cronstrue from "cronstrue";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { checkZone, nextRuns, readSchedule, scheduleInWords } from "../platform/cron.ts";
import { AppError } from "../platform/errors.ts";
import type { QueueSchedule, ShownSchedule } from "./schema/index.ts";

const RUNS_SHOWN = 5;
/** Longer lines are not read: a hostile one could take long. */
const MAX_LINE_LENGTH = 1_000;

/** The nicknames that BullMQ's cron lines allow. */
const NICKNAMES: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@hourly": "0 * * * *",
  "@minutely": "* * * * *",
  "@secondly": "* * * * * *",
  "@weekdays": "0 0 * * 1-5",
  "@weekends": "0 0 * * 0,6",
};

type Meaning = Pick<ShownSchedule, "words" | "next">;
const UNKNOWN: Meaning = { words: null, next: [] };

const UNITS: readonly [ms: number, name: string][] = [[DAY_MS, "day"], [HOUR_MS, "hour"], [MINUTE_MS, "minute"], [SECOND_MS, "second"], [1, "millisecond"]];

/** `Every 90 seconds`: in the largest unit that tells it exactly. */
export function intervalInWords(ms: number): string {
  const [unit, name] = UNITS.find(([size]) => ms % size === 0) ?? [1, "millisecond"];
  const count = ms / unit;
  return count === 1 ? `Every ${name}` : `Every ${count} ${name}s`;
}

/** From the run that the system told, or on multiples of the interval since 1970, as BullMQ counts them. */
function everyMeans({ line, nextAt }: QueueSchedule, now: Date): Meaning {
  const every = Number(line);
  if (!Number.isSafeInteger(every) || every <= 0) return UNKNOWN;
  const phase = (nextAt?.getTime() ?? 0) % every;
  const first = Math.floor((now.getTime() - phase) / every + 1) * every + phase;
  // A run that is due and not yet made comes first.
  const start = nextAt !== null && nextAt <= now ? nextAt.getTime() : first;
  const rest = Array.from({ length: RUNS_SHOWN }, (_, index) => first + index * every);
  const next = (start === first ? rest : [start, ...rest]).slice(0, RUNS_SHOWN);
  return { words: intervalInWords(every), next: next.map((at) => new Date(at)) };
}

function fiveFieldsMean(line: string, { zone, now }: { zone: string; now: Date }): Meaning {
  try {
    const read = readSchedule({ line, zone });
    return { words: scheduleInWords(read.line), next: nextRuns(read, now, RUNS_SHOWN) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return UNKNOWN;
  }
}

/** Seconds first. Where clocks change the line is read as croner reads it. */
function sixFieldsMean(line: string, { zone, now }: { zone: string; now: Date }): Meaning {
  try {
    checkZone(zone);
    const pattern = new Cron(line, { mode: "6-part", timezone: zone, paused: true });
    return { words: cronstrue.toString(line, { use24HourTimeFormat: true }), next: pattern.nextRuns(RUNS_SHOWN, now) };
  } catch {
    // Another system's dialect: shown as it is written.
    return UNKNOWN;
  }
}

function cronMeans({ line, zone }: QueueSchedule, now: Date): Meaning {
  const plain = line.trim().replace(/\s+/g, " ");
  const fields = NICKNAMES[plain.toLowerCase()] ?? plain;
  return fields.split(" ").length === 6 ? sixFieldsMean(fields, { zone, now }) : fiveFieldsMean(fields, { zone, now });
}

/** A rule without a beginning of its own counts from here, as pg-boss has it. */
const EPOCH_START = "DTSTART:19700101T000000";

/** The lines of a calendar entry; a bare rule gets its name, and one without a beginning the epoch. */
function toCalendar(line: string): string {
  const lines = line.replace(/\r?\n[ \t]/g, "").split(/\r?\n/).map((text) => text.trim()).filter(Boolean);
  const named = lines.map((text) => (/^[a-z][a-z0-9-]*[;:]/i.test(text) ? text : `RRULE:${text}`));
  return (named.some((text) => /^DTSTART[;:]/i.test(text)) ? named : [EPOCH_START, ...named]).join("\n");
}

async function ruleMeans({ line, zone }: QueueSchedule, now: Date): Promise<Meaning> {
  const [{ RRuleTemporal }, { toText }] = await Promise.all([import("rrule-temporal"), import("rrule-temporal/totext")]);
  try {
    checkZone(zone);
    const rule = new RRuleTemporal({ rruleString: toCalendar(line), tzid: zone, strict: true });
    const next: Date[] = [];
    for (let after = now; next.length < RUNS_SHOWN; ) {
      const found = rule.next(after);
      if (found === null) break;
      after = new Date(found.epochMilliseconds);
      next.push(after);
    }
    const words = toText(rule, undefined, { excludeTzAbbreviation: true });
    return { words: words.charAt(0).toUpperCase() + words.slice(1), next };
  } catch {
    // Another version's dialect: shown as it is written.
    return UNKNOWN;
  }
}

async function meaningOf(schedule: QueueSchedule, now: Date): Promise<Meaning> {
  if (schedule.line.length > MAX_LINE_LENGTH) return UNKNOWN;
  switch (schedule.kind) {
    case "every":
      return everyMeans(schedule, now);
    case "cron":
      return cronMeans(schedule, now);
    case "rrule":
      return ruleMeans(schedule, now);
    default:
      return schedule.kind satisfies never;
  }
}

/** The schedule in words with its next five runs, fewer when it ends before. */
export async function explainSchedule(schedule: QueueSchedule, now: Date): Promise<ShownSchedule> {
  const { words, next } = await meaningOf(schedule, now);
  const { endsAt, left } = schedule;
  return { ...schedule, words, next: next.filter((at) => endsAt === null || at <= endsAt).slice(0, left ?? RUNS_SHOWN) };
}
