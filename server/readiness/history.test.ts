/** What is told between two evaluations. */
import { expect, test } from "vitest";
import { CAP_RULE, changesBetween, fingerprintOf, type Kept, type KeptLine } from "./history.ts";

const line = (facts: Partial<KeptLine>): KeptLine => ({ rule: "up", title: "It is up", outcome: "pass", earned: 4, isWaived: false, severity: "high", isBlocking: false, ...facts });
const kept = (lines: KeptLine[], facts: Partial<Kept> = {}): Kept => ({ score: 50, earned: 50, isCapped: false, lines, ...facts });
const told = (before: Kept, after: Kept) => changesBetween(before, after, (rule) => `saw ${rule}`).map(({ rule, from, to, points, why }) => [rule, from, to, points, why]);

test.each<[string, [KeptLine[], KeptLine[]], unknown[]]>([
  ["nothing changed", [[line({})], [line({})]], []],
  ["a shift nobody would see", [[line({})], [line({ earned: 4.4 })]], []],
  ["a shift of points under the same answer", [[line({})], [line({ earned: 3.5 })]], [["up", "pass", "pass", -0.5, "saw up"]]],
  ["another answer", [[line({})], [line({ outcome: "fail", earned: 0 })]], [["up", "pass", "fail", -4, "saw up"]]],
  ["a new rule", [[], [line({})]], [["up", null, "pass", 4, "saw up"]]],
  ["a rule that left", [[line({})], []], [["up", "pass", null, -4, "does not apply any more"]]],
  ["a waiver", [[line({ outcome: "fail", earned: 0 })], [line({ outcome: "fail", earned: 4, isWaived: true })]], [["up", "fail", "fail", 4, "waived"]]],
  ["a waiver that ended", [[line({ isWaived: true })], [line({})]], [["up", "pass", "pass", 0, "no longer waived"]]],
  ["two, the larger first", [[line({}), line({ rule: "b", earned: 1 })], [line({ earned: 3 }), line({ rule: "b", earned: 6 })]], [["b", "pass", "pass", 5, "saw b"], ["up", "pass", "pass", -1, "saw up"]]],
])("%s", (_, [before, after], changes) => {
  expect(told(kept(before), kept(after))).toEqual(changes);
});

test("the cap moves the score like a rule, both ways", () => {
  const free = kept([], { score: 91, earned: 91.2 });
  const capped = kept([], { score: 79, earned: 91.2, isCapped: true });
  expect(told(free, capped)).toEqual([[CAP_RULE, null, "fail", -12, "91 points earned"]]);
  expect(told(capped, free)).toEqual([[CAP_RULE, null, "pass", 12, "no blocking rule is left"]]);
});

test("a fingerprint differs where a reader would see a difference", () => {
  expect(fingerprintOf(kept([line({})]))).toBe(fingerprintOf(kept([line({ severity: "low" })])));
  expect(fingerprintOf(kept([line({})]))).not.toBe(fingerprintOf(kept([line({ isWaived: true })])));
});
