import { describe, expect, it } from "vitest";
import { standingOf, type PlanFacts } from "./standing.ts";

const NOW = new Date("2026-11-17T07:06:00Z");
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR);
const DAYS = 24;

const good: PlanFacts = {
  timeZone: "UTC", isPaused: false, hasSource: true, rpoMinutes: 1_440, rtoMinutes: 15, isEncrypted: true, nextRunAt: new Date("2026-11-17T08:00:00Z"), isRunning: false, createdAt: ago(90 * DAYS),
  lastRun: { state: "verified", problem: null, hasFailedUpload: false },
  lastGood: { dataAsOf: new Date("2026-11-17T02:00:00Z") },
  lastVerified: { dataAsOf: new Date("2026-11-17T02:00:00Z"), verifiedAt: new Date("2026-11-17T02:06:00Z"), restoreSeconds: 41 },
  lastDrill: { state: "passed", finishedAt: new Date("2026-11-17T02:06:00Z") },
  lostCopies: 0,
  drillPeriodMs: 38 * DAYS * HOUR,
};
const standing = (changes: Partial<PlanFacts> = {}) => standingOf({ ...good, ...changes }, NOW);

describe("the sentence", () => {
  it.each<[string, Partial<PlanFacts>, string]>([
    ["proven", {}, "Restorable as of 02:00 today, proven 5 hours ago, restore takes 41 s."],
    ["in the plan's zone", { timeZone: "Europe/Berlin" }, "Restorable as of 03:00 today, proven 5 hours ago, restore takes 41 s."],
    ["yesterday", { lastVerified: { dataAsOf: ago(20), verifiedAt: ago(19), restoreSeconds: 95 } }, "Restorable as of 11:06 yesterday, proven 19 hours ago, restore takes 1 min 35 s."],
    ["long ago", { lastVerified: { dataAsOf: ago(20 * DAYS), verifiedAt: ago(20 * DAYS), restoreSeconds: null } }, "Restorable as of 07:06 on 28 October, proven 20 days ago."],
    ["another year", { lastVerified: { dataAsOf: ago(400 * DAYS), verifiedAt: ago(400 * DAYS), restoreSeconds: 7_500 } }, "Restorable as of 07:06 on 13 October 2025, proven 400 days ago, restore takes 2 h 05 min."],
    ["only stored", { lastVerified: null }, "Stored as of 02:00 today, not yet proven by a restore."],
    ["nothing yet", { lastVerified: null, lastGood: null, lastRun: null }, "No backup yet."],
    ["the first one", { lastVerified: null, lastGood: null, lastRun: null, isRunning: true }, "The first backup is being taken."],
    ["all of it lost", { lastVerified: null, lastGood: null, lostCopies: 3 }, "No store holds a backup any more."],
    ["found in a store", { lastVerified: null, lastGood: null, lastRun: null, hasSource: false }, "Found in a store; say what to back up to go on."],
  ])("%s", (...[, facts, lead]) => {
    expect(standing(facts).lead).toBe(lead);
  });
});

describe("level and troubles (C13)", () => {
  it.each<[string, Partial<PlanFacts>, string, string[]]>([
    ["all is well", {}, "ok", []],
    ["a copy is lost, others are there", { lostCopies: 1 }, "warn", ["lostCopies"]],
    ["all copies are lost", { lostCopies: 3, lastGood: null, lastVerified: null, createdAt: ago(2) }, "fail", ["lostCopies"]],
    ["nobody proved it", { lastVerified: null }, "warn", ["noDrill"]],
    ["nobody proved a young one", { lastVerified: null, createdAt: ago(2) }, "unknown", []],
    ["the last run failed (MDL3-072)", { lastRun: { state: "failed", problem: "Wrong password", hasFailedUpload: false } }, "fail", ["failed"]],
    ["a run is eleven minutes late", { nextRunAt: ago(11 / 60) }, "fail", ["overdue"]],
    ["a run is nine minutes late", { nextRunAt: ago(9 / 60) }, "ok", []],
    ["a run is late because it runs", { nextRunAt: ago(1), isRunning: true }, "ok", []],
    ["the newest data is older than the objective", { lastGood: { dataAsOf: ago(26) } }, "fail", ["overdue"]],
    ["within the objective and its grace", { lastGood: { dataAsOf: ago(24.5) } }, "ok", []],
    ["the newest is suspect", { lastRun: { state: "suspect", problem: null, hasFailedUpload: false } }, "warn", ["suspect"]],
    ["a store was not reached", { lastRun: { state: "stored", problem: null, hasFailedUpload: true } }, "warn", ["uploadFailed"]],
    ["a drill failed", { lastDrill: { state: "failed", finishedAt: ago(1) } }, "fail", ["drillFailed"]],
    ["the proof is older than its period", { lastVerified: { dataAsOf: ago(40 * DAYS), verifiedAt: ago(40 * DAYS), restoreSeconds: 1 } }, "warn", ["noDrill"]],
    ["it is not encrypted", { isEncrypted: false }, "warn", ["unencrypted"]],
    ["paused, whatever else", { isPaused: true, lastRun: { state: "failed", problem: null, hasFailedUpload: false }, lastGood: { dataAsOf: ago(900) } }, "paused", ["failed"]],
    ["several at once, worst first", { isEncrypted: false, lastRun: { state: "failed", problem: null, hasFailedUpload: true }, nextRunAt: ago(5) }, "fail", ["failed", "overdue", "uploadFailed", "unencrypted"]],
  ])("%s", (...[, facts, level, troubles]) => {
    expect(standing(facts)).toMatchObject({ level, troubles });
  });

  it("says what is wrong after the proof", () => {
    expect(standing({ lastRun: { state: "failed", problem: "The disk is full.", hasFailedUpload: false } }).detail).toBe("The last run failed: The disk is full.");
    expect(standing({ isPaused: true }).detail).toBe("Paused: no run is planned.");
    expect(standing().detail).toBe("");
  });

  it("gives the ages that objectives are held against", () => {
    expect(standing()).toMatchObject({ dataAtRiskMs: 5.1 * HOUR, verifiedAgeMs: 5.1 * HOUR });
    expect(standing({ lastGood: null, lastVerified: null })).toMatchObject({ dataAtRiskMs: null, verifiedAgeMs: null });
    expect(standing({ lastGood: { dataAsOf: new Date(NOW.getTime() + HOUR) } }).dataAtRiskMs).toBe(0);
  });
});
