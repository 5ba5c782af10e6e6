import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latestRun, nextRuns, readSchedule, scheduleInWords, type Schedule } from "./cron.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

describe("a schedule", () => {
  it.each([
    ["0 2 * * *", "UTC", "2026-11-26T12:00Z", ["2026-11-27T02:00Z", "2026-11-28T02:00Z"]],
    ["0 2 * * *", "UTC", "2026-11-27T02:00Z", ["2026-11-28T02:00Z"]],
    ["30 2 * * *", "Europe/Berlin", "2026-03-28T00:00Z", ["2026-03-28T01:30Z", "2026-03-29T01:30Z", "2026-03-30T00:30Z"]],
    ["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]],
    ["30 1 * * *", "America/New_York", "2026-10-31T12:00Z", ["2026-11-01T05:30Z", "2026-11-02T06:30Z"]],
    ["15 2 * * *", "Australia/Lord_Howe", "2026-10-02T16:00Z", ["2026-10-03T15:45Z", "2026-10-04T15:15Z"]],
    ["45 1 * * *", "Australia/Lord_Howe", "2027-04-03T12:00Z", ["2027-04-03T14:45Z", "2027-04-04T15:15Z"]],
    ["0,30 2,3 * * *", "Europe/Berlin", "2026-03-28T23:00Z", ["2026-03-29T01:00Z", "2026-03-29T01:30Z", "2026-03-30T00:00Z"]],
    ["*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00Z", ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"]],
    ["0 9 25 12 *", "Pacific/Kiritimati", "2026-12-01T00:00Z", ["2026-12-24T19:00Z"]],
    ["0 9 25 12 *", "Etc/GMT+12", "2026-12-01T00:00Z", ["2026-12-25T21:00Z"]],
    ["45 5 * * *", "Asia/Kathmandu", "2026-12-01T12:00Z", ["2026-12-02T00:00Z"]],
    ["0 9 30 12 *", "Pacific/Apia", "2011-12-01T00:00Z", ["2011-12-30T19:00Z", "2012-12-29T19:00Z"]],
    ["0 4 * * MON#1", "UTC", "2026-11-26T00:00Z", ["2026-12-07T04:00Z", "2027-01-04T04:00Z"]],
    ["0 3 L * *", "UTC", "2027-02-01T00:00Z", ["2027-02-28T03:00Z", "2027-03-31T03:00Z"]],
    ["0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 31 * *", "UTC", "2027-03-31T00:00Z", ["2027-05-31T00:00Z", "2027-07-31T00:00Z"]],
  ])("%s in %s after %s", (...[line, zone, after, expected]) => {
    const found = nextRuns(readSchedule({ line, zone }), new Date(after), expected.length);
    expect(found.map((date) => `${date.toISOString().slice(0, 16)}Z`)).toEqual(expected);
  });

  it("knows the latest run, for one run after a long stop", () => {
    const daily = readSchedule({ line: "0 2 * * *", zone: "UTC" });
    expect(latestRun(daily, new Date("2026-11-26T01:59Z"))).toEqual(new Date("2026-11-25T02:00Z"));
    expect(latestRun(daily, new Date("2026-11-26T02:00Z"))).toEqual(new Date("2026-11-26T02:00Z"));
    expect(latestRun(readSchedule({ line: "0 0 29 2 *", zone: "UTC" }), new Date("2027-01-01T00:00Z"))).toEqual(new Date("2024-02-29T00:00Z"));
  });

  it("is normalised and said in plain words", () => {
    expect(readSchedule({ line: "  0   4 * * mon#1 ", zone: "UTC" })).toEqual({ line: "0 4 * * MON#1", zone: "UTC" });
    expect(scheduleInWords("0 4 * * MON#1")).toBe("At 04:00, on the first Monday of the month");
    expect(scheduleInWords("*/15 * * * *")).toBe("Every 15 minutes");
    expect(scheduleInWords("0 2 * * *")).toBe("At 02:00");
  });

  it.each([
    ["", "UTC"],
    ["* * * *", "UTC"],
    ["0 0 0 * * *", "UTC"],
    ["@daily", "UTC"],
    ["61 * * * *", "UTC"],
    ["0 24 * * *", "UTC"],
    ["0 0 30 2 *", "UTC"],
    ["0 0 ? * +1", "UTC"],
    ["x y z a b", "UTC"],
    [`0 0 ${"1,".repeat(80)}1 * *`, "UTC"],
    ["0 2 * * *", "Mars/Olympus"],
    ["0 2 * * *", "+02:00"],
    ["0 2 * * *", ""],
  ])("%j in %j is refused with its field", (line, zone) => {
    expect(() => readSchedule({ line, zone })).toThrow(expect.objectContaining({ code: "invalid", detail: { fields: expect.anything() } }));
  });
});

/** Reads one numeric field: `*`, `*`/n, a, a-b and lists of them. */
function fieldMatches(field: string, value: number): boolean {
  return field.split(",").some((part) => {
    if (part === "*") return true;
    if (part.startsWith("*/")) return value % Number(part.slice(2)) === 0;
    const [from = 0, to = from] = part.split("-").map(Number);
    return value >= from && value <= to;
  });
}

/**
 * A slow second opinion: walks real time minute by minute and looks at the clock on the wall. A minute whose digits match is a
 * run, unless the same digits were shown before and the hour is named; digits that a jump left out count from the jump.
 */
function scan({ line, zone }: Schedule, from: number, to: number): number[] {
  const [minute = "", hour = "", day = ""] = line.split(" ");
  const format = new Intl.DateTimeFormat("en-GB-u-hc-h23", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" });
  const wallAt = (at: number) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  };
  const matches = (wall: number) => {
    const date = new Date(wall);
    return fieldMatches(minute, date.getUTCMinutes()) && fieldMatches(hour, date.getUTCHours()) && fieldMatches(day, date.getUTCDate());
  };
  const found = new Set<number>();
  let highest = wallAt(from - DAY) - MINUTE;
  for (let at = from - DAY; at <= to; at += MINUTE) {
    const wall = wallAt(at);
    for (let lost = highest + MINUTE; lost < wall; lost += MINUTE) if (matches(lost)) found.add(at + (lost - highest - MINUTE));
    if (matches(wall) && (wall > highest || hour === "*")) found.add(at);
    highest = Math.max(highest, wall);
  }
  return [...found].filter((at) => at > from && at <= to).sort((a, b) => a - b);
}

describe("against a scan of every minute", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "America/Santiago", "Asia/Kathmandu", "UTC", "Pacific/Chatham"];
  const minutes = fc.oneof(fc.constantFrom("*/15", "*/20", "0,30", "5-7"), fc.integer({ min: 0, max: 59 }).map(String));
  const hours = fc.oneof(fc.constantFrom("*", "*/2", "1-3", "0,23"), fc.integer({ min: 0, max: 23 }).map(String));

  it("every run is found, once, in order, around every change of the clocks", () => {
    const cases = fc.record({ zone: fc.constantFrom(...zones), minutes, hours, year: fc.integer({ min: 2024, max: 2030 }), change: fc.integer({ min: 0, max: 1 }), lead: fc.integer({ min: 1, max: 1_440 }) });
    fc.assert(
      fc.property(cases, ({ zone, minutes: minute, hours: hour, year, change, lead }) => {
        let at = Temporal.PlainDate.from({ year, month: 1, day: 2 }).toZonedDateTime(zone);
        for (let step = 0; step <= change; step++) at = at.getTimeZoneTransition("next") ?? at;
        const from = at.epochMilliseconds - lead * MINUTE;
        const to = at.epochMilliseconds + DAY;
        const schedule = readSchedule({ line: `${minute} ${hour} * * *`, zone });
        const expected = scan(schedule, from, to);
        const found = nextRuns(schedule, new Date(from), expected.length + 1).map((date) => date.getTime());
        expect(found.filter((run) => run <= to)).toEqual(expected);
        expect(latestRun(schedule, new Date(to))?.getTime()).toBe(expected.at(-1) ?? latestRun(schedule, new Date(from))?.getTime());
      }),
      { numRuns: 15 },
    );
  });

  // Between 04:00 and 20:00: a run that a night's change moves may land on the next day, as it should.
  it("a daily run happens once on every local day, in every zone", () => {
    const all = Intl.supportedValuesOf("timeZone");
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.integer({ min: 4 * 60, max: 20 * 60 }), fc.integer({ min: 2020, max: 2037 }), (zone, minute, year) => {
        const schedule = readSchedule({ line: `${minute % 60} ${Math.floor(minute / 60)} * * *`, zone });
        const start = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(zone);
        const found = nextRuns(schedule, new Date(start.epochMilliseconds - 1), 365);
        const days = found.map((date) => Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString());
        expect(new Set(days).size).toBe(365);
        expect(found.every((date, index) => index === 0 || date > (found[index - 1] as Date))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
