import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetentionPolicy } from "../schema/retention-policy.ts";
import { decideRetention, type Candidate, type Circumstances } from "./decide.ts";

const NOW = new Date("2026-11-17T07:00:00Z");
const DAY = 86_400_000;
const calm: Circumstances = { now: NOW, zone: "UTC", isNewestFailed: false, steadySince: new Date(NOW.getTime() - 30 * DAY) };
const policy = (changes: Partial<RetentionPolicy> = {}) => RetentionPolicy.parse({ withinDays: 7, keepLast: 0, ...changes });
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY);

let serial = 0;
const copy = (days: number, changes: Partial<Candidate> = {}): Candidate => ({ id: `run_${String(++serial).padStart(5, "0")}`, takenAt: daysAgo(days), standing: "good", lockReason: null, manifestProblem: null, ...changes });
const rulesOf = (rules: RetentionPolicy, copies: Candidate[], circumstances = calm) => decideRetention(rules, copies, circumstances).decisions.map(({ goes, rule }) => `${goes ? "goes" : "stays"}: ${rule}`);

describe("what stays and what goes (C11, MDL3-061, PDF-077)", () => {
  it.each<[string, RetentionPolicy, Candidate[], string[]]>([
    ["everything within the days", policy({ withinDays: 7 }), [copy(1), copy(6), copy(8)], ["stays: newest good copy", "stays: all of 7 days", "goes: past 7 days"]],
    ["the edge of the days stays", policy({ withinDays: 7 }), [copy(1), copy(7)], ["stays: newest good copy", "stays: all of 7 days"]],
    ["the newest verified, whatever its age", policy(), [copy(1), copy(400, { standing: "verified" })], ["stays: newest good copy", "stays: last verified"]],
    ["older verified copies age like others", policy(), [copy(1, { standing: "verified" }), copy(20, { standing: "verified" })], ["stays: last verified", "goes: past 7 days"]],
    ["the newest good copy when none is verified", policy(), [copy(90), copy(91)], ["stays: newest good copy", "goes: past 7 days"]],
    ["locked copies, with the reason", policy(), [copy(1), copy(900, { lockReason: "audit 2024" })], ["stays: newest good copy", "stays: locked: audit 2024"]],
    ["what cannot be read", policy(), [copy(1), copy(900, { manifestProblem: "signature" })], ["stays: newest good copy", "stays: its manifest cannot be read"]],
    ["what is being written", policy(), [copy(0, { standing: "busy" }), copy(1)], ["stays: still being written", "stays: newest good copy"]],
    ["left-overs of failed runs go at once", policy(), [copy(1), copy(2, { standing: "failed" })], ["stays: newest good copy", "goes: left over from a failed run"]],
    ["suspect ones stay within the days", policy(), [copy(1), copy(3, { standing: "suspect" })], ["stays: newest good copy", "stays: all of 7 days"]],
    ["suspect ones go when something newer is proven", policy(), [copy(1, { standing: "verified" }), copy(18, { standing: "suspect" })], ["stays: last verified", "goes: suspect, newer proof"]],
    ["suspect ones stay when nothing else exists", policy(), [copy(100, { standing: "suspect" }), copy(200, { standing: "suspect" })], ["stays: no good copy exists", "stays: no good copy exists"]],
    ["the last n", policy({ keepLast: 3 }), [copy(10), copy(20), copy(30), copy(40)], ["stays: newest good copy", "stays: last 2 of 3", "stays: last 3 of 3", "goes: past 7 days"]],
    ["one a day, the newest of each", policy({ daily: 3 }), [copy(10), copy(10.1), copy(11), copy(12), copy(13)], ["stays: newest good copy", "goes: past 7 days", "stays: daily, 2 of 3", "stays: daily, 3 of 3", "goes: past 7 days"]],
    ["one a week; weeks begin on Monday", policy({ weekly: 2 }), [copy(9), copy(10), copy(16)], ["stays: newest good copy", "goes: past 7 days", "stays: weekly, 2 of 2"]],
    ["one a month", policy({ monthly: 3 }), [copy(20), copy(21), copy(50), copy(80)], ["stays: newest good copy", "goes: past 7 days", "stays: monthly, 2 of 3", "stays: monthly, 3 of 3"]],
    ["one a year", policy({ yearly: 2 }), [copy(20), copy(400), copy(800)], ["stays: newest good copy", "stays: yearly, 2 of 2", "goes: past 7 days"]],
    ["one an hour", policy({ hourly: 2 }), [copy(9.99), copy(10), copy(10.1)], ["stays: newest good copy", "goes: past 7 days", "stays: hourly, 2 of 2"]],
    ["gaps do not use up places", policy({ daily: 2 }), [copy(10), copy(200)], ["stays: newest good copy", "stays: daily, 2 of 2"]],
    ["nothing", policy(), [], []],
  ])("%s", (...[, rules, copies, expected]) => {
    expect(rulesOf(rules, copies)).toEqual(expected);
  });

  it("fifty newer bad backups push nothing out: the last good one stays", () => {
    const good = copy(60, { standing: "verified" });
    const bad = Array.from({ length: 50 }, (_, index) => copy(index, { standing: index % 2 ? "suspect" : "failed" }));
    const verdict = decideRetention(policy({ keepLast: 7, daily: 7 }), [...bad, good], calm);
    expect(verdict.decisions.find(({ id }) => id === good.id)).toEqual({ id: good.id, goes: false, rule: "last verified" });
  });

  it.each([
    ["UTC", 1],
    ["Europe/Berlin", 1],
    ["Africa/Abidjan", 1],
    ["Asia/Kolkata", 1],
    ["Etc/GMT-2", 1],
    ["Atlantic/South_Georgia", 1],
  ])("days are days of %s", (zone, kept) => {
    const copies = [copy(0, { takenAt: new Date("2026-11-01T16:30:00Z") }), copy(0, { takenAt: new Date("2026-11-01T16:00:00Z") })];
    expect(rulesOf(policy({ daily: 5 }), copies, { ...calm, zone }).filter((rule) => rule.startsWith("stays"))).toHaveLength(kept);
  });

  it("midnight of the plan's zone parts two days", () => {
    const copies = [copy(0, { takenAt: new Date("2026-11-01T23:30:00Z") }), copy(0, { takenAt: new Date("2026-11-01T22:30:00Z") })];
    const kept = (zone: string) => rulesOf(policy({ daily: 5 }), copies, { ...calm, zone }).filter((rule) => rule.startsWith("stays")).length;
    expect([kept("UTC"), kept("Etc/GMT-1"), kept("Europe/Athens")]).toEqual([1, 2, 1]);
  });
});

describe("when nothing is deleted", () => {
  const many = () => [copy(1), copy(2), copy(3), copy(20)];
  it.each<[string, Partial<Circumstances>, Candidate[], string | null]>([
    ["all is calm", {}, many(), null],
    ["the newest backup failed", { isNewestFailed: true }, many(), "The newest backup failed; nothing is deleted until one succeeds."],
    ["the clock jumped an hour ago", { steadySince: new Date(NOW.getTime() - 3_600_000) }, many(), "The clock jumped or was just set; nothing is deleted until it has run steadily for a day."],
    ["nobody knows the clock", { steadySince: null }, many(), "The clock jumped or was just set; nothing is deleted until it has run steadily for a day."],
    ["more than half would go", {}, [copy(1), copy(20), copy(21)], "More than half of the copies would go; that waits for an administrator."],
    ["exactly half would go", {}, [copy(1), copy(20)], null],
    ["nothing would go, so nothing is refused", { isNewestFailed: true, steadySince: null }, [copy(1)], null],
  ])("%s", (...[, circumstances, copies, refusal]) => {
    expect(decideRetention(policy(), copies, { ...calm, ...circumstances }).refusal).toBe(refusal);
  });

  it("a clock that jumps a year ahead meets the brake even after its day of steadiness", () => {
    const copies = Array.from({ length: 30 }, (_, index) => copy(index));
    const later = { ...calm, now: new Date(NOW.getTime() + 365 * DAY), steadySince: new Date(NOW.getTime() + 360 * DAY) };
    const verdict = decideRetention(policy({ withinDays: 30 }), copies, later);
    expect(verdict).toMatchObject({ goes: 29, stays: 1, refusal: expect.stringContaining("More than half") });
  });
});

describe("for any catalogue and policy", () => {
  const candidates = fc.array(
    fc.record({
      days: fc.double({ min: 0, max: 900, noNaN: true }),
      standing: fc.constantFrom<Candidate["standing"]>("verified", "good", "suspect", "failed", "busy"),
      lockReason: fc.option(fc.constant("kept"), { freq: 8 }),
      manifestProblem: fc.option(fc.constant("unreadable"), { freq: 8 }),
    }),
    { maxLength: 60 },
  );
  const policies = fc.record({ withinDays: fc.integer({ min: 7, max: 200 }), keepLast: fc.nat(10), hourly: fc.nat(5), daily: fc.nat(10), weekly: fc.nat(10), monthly: fc.nat(10), yearly: fc.nat(5) });

  it("floors hold, order does not matter, and more keeping never deletes more", () => {
    fc.assert(
      fc.property(candidates, policies, (made, rules) => {
        const copies = made.map(({ days, ...rest }) => copy(days, rest));
        const verdict = decideRetention(rules, copies, calm);
        const goes = new Set(verdict.decisions.filter((decision) => decision.goes).map(({ id }) => id));
        const newest = (wanted: (candidate: Candidate) => boolean) => copies.filter(wanted).sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime())[0];
        const readable = (candidate: Candidate) => candidate.manifestProblem === null;
        const verified = newest((candidate) => readable(candidate) && candidate.standing === "verified");
        const good = newest((candidate) => readable(candidate) && (candidate.standing === "verified" || candidate.standing === "good"));
        expect(verified === undefined || !goes.has(verified.id)).toBe(true);
        expect(good === undefined || !goes.has(good.id)).toBe(true);
        expect(copies.filter(({ lockReason, manifestProblem }) => lockReason !== null || manifestProblem !== null).filter(({ id }) => goes.has(id))).toEqual([]);
        const shuffled = decideRetention(rules, copies.toReversed(), calm);
        expect(shuffled.decisions.toReversed()).toEqual(verdict.decisions);
        const wider = decideRetention({ ...rules, withinDays: rules.withinDays + 50, daily: rules.daily + 3, keepLast: rules.keepLast + 2 }, copies, calm);
        expect(wider.goes).toBeLessThanOrEqual(verdict.goes);
        expect(verdict.stays + verdict.goes).toBe(copies.length);
      }),
    );
  });
});

describe("a policy", () => {
  it.each([[6], [0], [-1], [3_651]])("of %i days is refused", (withinDays) => {
    expect(RetentionPolicy.safeParse({ withinDays }).success).toBe(false);
  });
});
