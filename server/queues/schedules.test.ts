import { expect, test } from "vitest";
import { explainSchedule, intervalInWords } from "./schedules.ts";
import type { QueueSchedule } from "./schema/index.ts";

const NOW = new Date("2026-11-26T12:00:00Z");
const plain: QueueSchedule = { key: "", kind: "cron", line: "", zone: "UTC", nextAt: null, endsAt: null, left: null };
const explain = async (given: Partial<QueueSchedule>) => {
  const { words, next } = await explainSchedule({ ...plain, ...given }, NOW);
  return [words, ...next.map((at) => at.toISOString().replace(/^2026-/, "").replace(".000Z", ""))];
};

test.each<[string, Partial<QueueSchedule>, (string | null)[]]>([
  ["five fields", { line: "0 2 * * *" }, ["At 02:00", "11-27T02:00:00", "11-28T02:00:00"]],
  ["five fields in their zone", { line: "0 2 * * *", zone: "Europe/Berlin" }, ["At 02:00", "11-27T01:00:00", "11-28T01:00:00"]],
  ["six fields, seconds first", { line: "30 0 2 * * *", zone: "Europe/Berlin" }, ["At 02:00:30", "11-27T01:00:30", "11-28T01:00:30"]],
  ["every ten seconds", { line: "*/10 * * * * *" }, ["Every 10 seconds", "11-26T12:00:10", "11-26T12:00:20"]],
  ["a nickname", { line: "@hourly" }, ["Every hour", "11-26T13:00:00", "11-26T14:00:00"]],
  ["a nickname of six fields", { line: "@secondly" }, ["Every second", "11-26T12:00:01", "11-26T12:00:02"]],
  ["an interval", { kind: "every", line: "90000" }, ["Every 90 seconds", "11-26T12:01:30", "11-26T12:03:00"]],
  ["an interval with a told run", { kind: "every", line: "60000", nextAt: new Date("2026-11-26T12:00:17Z") }, ["Every minute", "11-26T12:00:17", "11-26T12:01:17"]],
  ["an interval that is overdue", { kind: "every", line: "60000", nextAt: new Date("2026-11-26T11:30:17Z") }, ["Every minute", "11-26T11:30:17", "11-26T12:00:17"]],
  ["a recurrence rule", { kind: "rrule", line: "FREQ=DAILY;BYHOUR=9;BYMINUTE=30", zone: "Europe/Berlin" }, ["Every day at 9:30 AM", "11-27T08:30:00", "11-28T08:30:00"]],
])("%s", async (_what, schedule, expected) => {
  expect((await explain(schedule)).slice(0, 3)).toEqual(expected);
});

test("five runs are told, or those that are left", async () => {
  const every: Partial<QueueSchedule> = { kind: "every", line: "1000" };
  expect(await explain(every)).toHaveLength(6);
  expect(await explain({ ...every, endsAt: new Date("2026-11-26T12:00:02Z") })).toHaveLength(3);
  expect(await explain({ ...every, left: 1 })).toHaveLength(2);
  expect(await explain({ kind: "rrule", line: "DTSTART:20261126T130000\nRRULE:FREQ=HOURLY;COUNT=2" })).toHaveLength(3);
});

test.each<Partial<QueueSchedule>>([
  { line: "61 * * * *" },
  { line: "99 0 2 * * *" },
  { line: "0 0 2 * * *", zone: "Mars/Olympus" },
  { line: "0 2 * * *", zone: "Mars/Olympus" },
  { line: "@fortnightly" },
  { line: "" },
  { line: `${"0,".repeat(600)}0 2 * * *` },
  { kind: "every", line: "0" },
  { kind: "every", line: "soon" },
  { kind: "rrule", line: "FREQ=SOMETIMES" },
  { kind: "rrule", line: "FREQ=DAILY", zone: "Mars/Olympus" },
])("what is not understood has no words and no runs: %j", async (schedule) => {
  expect(await explain(schedule)).toEqual([null]);
});

test.each([[86_400_000, "Every day"], [7_200_000, "Every 2 hours"], [5_400_000, "Every 90 minutes"], [1_500, "Every 1500 milliseconds"]])("%i ms", (ms, words) => {
  expect(intervalInWords(ms)).toBe(words);
});
