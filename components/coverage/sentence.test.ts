import { expect, test } from "vitest";
import type { CoverageDetail } from "../../server/coverage/schema/index.ts";
import { detailStanding, listStanding } from "./sentence.ts";
import { formatCovered, formatDelta, formatPoints, stateOf } from "./words.ts";

const finding = (outcome: "pass" | "warn" | "fail" | "incomplete", text: string) => ({ kind: "level" as const, outcome, measure: null, flag: null, path: null, value: null, limit: null, gap: null, text });
const latest = (outcome: "pass" | "warn" | "fail" | "incomplete", ...texts: string[]) => ({ verdict: { outcome, noise: 0, findings: texts.map((text) => finding(outcome, text)) } }) as unknown as CoverageDetail["latest"];

test.each([
  [null, "unknown", "No report has arrived yet, so the coverage of Shop is unknown and earns no points."],
  [latest("pass"), "ok", "The gate passes. Every level is reached."],
  [latest("warn", "Lines are 84.2 %, 0.8 points under target 85.", "Branches are 76.8 %, 3.2 points under target 80."), "warn", "The gate passes with a warning: lines are 84.2 %, 0.8 points under target 85. Branches are 76.8 %, 3.2 points under target 80."],
  [latest("incomplete", "e2e has no upload for this commit and none before."), "stale", "The gate is incomplete: e2e has no upload for this commit and none before. "],
])("one service: %#", (newest, tone, text) => {
  const standing = detailStanding({ latest: newest, name: "Shop" });
  expect([standing.tone, `${standing.lead} ${standing.rest}`]).toEqual([tone, text]);
});

test.each([
  [0, { pass: 0, warn: 0, fail: 0, incomplete: 0 }, "No report has arrived yet,"],
  [3, { pass: 1, warn: 0, fail: 1, incomplete: 1 }, "1 gate of 3 services fails."],
  [3, { pass: 1, warn: 0, fail: 0, incomplete: 2 }, "2 gates of 3 services wait for uploads."],
  [3, { pass: 2, warn: 1, fail: 0, incomplete: 0 }, "All gates pass, 1 with a warning."],
  [1, { pass: 1, warn: 0, fail: 0, incomplete: 0 }, "The one gate passes."],
])("%d services %j", (services, outcomes, lead) => {
  expect(listStanding({ services, outcomes }).lead).toBe(lead);
});

test("figures never flatter", () => {
  expect([formatCovered(84.99), formatCovered(100), formatCovered(null)]).toEqual(["84.9 %", "100.0 %", "–"]);
  expect([formatPoints(0.01), formatPoints(-3.2), formatPoints(1), formatPoints(2)]).toEqual(["0.1 points", "3.2 points", "1 point", "2 points"]);
  expect([formatDelta(0.04), formatDelta(-0.26), formatDelta(4)]).toEqual(["0.0", "−0.3", "+4.0"]);
  const levels = { block: 70, warn: 80, target: 85 };
  expect([85, 84.99, 69, null].map((value) => stateOf(value, levels))).toEqual(["ok", "warn", "fail", "unknown"]);
});
