import { describe, expect, it } from "vitest";
import { drillDue, drillPeriodMs, nextDrill } from "./cadence.ts";
import { DEFAULT_DRILL_CRON, DrillRules } from "./schema/drill-rules.ts";

const DAY = 86_400_000;
const NOW = new Date("2026-11-17T07:00:00Z");
const rules = (changes: Partial<DrillRules> = {}): DrillRules => ({ cron: DEFAULT_DRILL_CRON, everyNth: 30, assertions: [], ...changes });
const progress = { backupsSinceDrill: 5, hasDrilled: true, nextDrillAt: new Date("2026-12-07T04:00:00Z") };

describe("a drill is due (MDL3-070)", () => {
  it.each<[string, Partial<DrillRules>, Partial<typeof progress>, string | null]>([
    ["not between its dates", {}, {}, null],
    ["when its date has come", {}, { nextDrillAt: NOW }, "scheduled"],
    ["after the first backup of all", {}, { hasDrilled: false, backupsSinceDrill: 1 }, "after-backup"],
    ["not after the first when nothing follows backups", { everyNth: null }, { hasDrilled: false }, null],
    ["after the n-th", {}, { backupsSinceDrill: 30 }, "after-backup"],
    ["not after the one before", {}, { backupsSinceDrill: 29 }, null],
  ])("%s", (...[, changes, at, expected]) => {
    expect(drillDue(rules(changes), { ...progress, ...at }, NOW)).toBe(expected);
  });

  it("next on the first Monday of the month, in the plan's zone", () => {
    expect(nextDrill(rules(), "UTC", NOW)).toEqual(new Date("2026-12-07T04:00:00Z"));
    expect(nextDrill(rules(), "Europe/Berlin", NOW)).toEqual(new Date("2026-12-07T03:00:00Z"));
    expect(nextDrill(rules({ cron: null }), "UTC", NOW)).toBeNull();
  });

  it.each([
    ["monthly", DEFAULT_DRILL_CRON, 35 + 3],
    ["weekly", "0 4 * * 1", 7 + 3],
    ["daily", "0 4 * * *", 1 + 3],
    ["never by the calendar", null, 31 + 3],
  ])("%s proof is believed for its widest gap and three days", (_name, cron, days) => {
    expect(drillPeriodMs(rules({ cron }), "UTC", NOW) / DAY).toBeCloseTo(days, 5);
  });
});

describe("assertions", () => {
  it.each([["SELECT true", true], ["with x as (select 1) select true from x", true], ["DELETE FROM orders", false], ["DROP TABLE x", false], ["", false]])("%j", (sql, isFine) => {
    expect(DrillRules.safeParse({ assertions: [{ name: "a", sql }] }).success).toBe(isFine);
  });
});
