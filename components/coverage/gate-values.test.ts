import { describe, expect, test } from "vitest";
import { DEFAULT_GATE, SetPolicy, type Policy } from "../../server/coverage/schema/index.ts";
import { gateFieldOf, gateValues, newFlag, toPolicyInput, type GateValues } from "./gate-values.ts";

const policy: Policy = { revision: 3, defaultBranch: "main", expectedFlags: ["unit"], gate: DEFAULT_GATE, isBadgePublic: false, sourceUrl: null, updatedAt: null, updatedBy: null };
const about = { service: "shop", policy };
const values = (change: (values: GateValues) => void = () => undefined): GateValues => {
  const start = structuredClone(gateValues(policy));
  change(start);
  return start;
};

describe("the gate in its form", () => {
  test("comes back as it went in", () => {
    const input = toPolicyInput(values(), about);
    expect(input.gate).toEqual(DEFAULT_GATE);
    expect(SetPolicy.safeParse(input).success).toBe(true);
  });

  test("a flag has only the levels that were typed, and none when nothing was", () => {
    const typed = values((form) => {
      form.flags.push({ ...newFlag("e2e"), levels: { ...newFlag("e2e").levels, lines: { block: 50, warn: 55, target: 60 } } }, newFlag("unit"));
    });
    expect(Object.keys(toPolicyInput(typed, about).gate.flags)).toEqual(["integration", "e2e"]);
    expect(toPolicyInput(typed, about).gate.flags["e2e"]).toEqual({ lines: { block: 50, warn: 55, target: 60 } });
  });

  test("removing a flag's levels removes them", () => {
    expect(toPolicyInput(values((form) => form.flags.splice(0)), about).gate.flags).toEqual({});
  });

  test.each<[string, (values: GateValues) => void, string]>([
    ["a level half typed", ({ flags }) => (flags[0]!.levels.lines = { block: 60, warn: "", target: 70 }), "flags.0.levels.lines.warn"],
    ["levels that contradict each other", ({ flags }) => (flags[0]!.levels.branches = { block: 80, warn: 70, target: 60 }), "flags.0.levels.branches.target"],
    ["the same over all", ({ levels }) => (levels.lines = { block: 90, warn: 80, target: 85 }), "levels.lines.target"],
    ["more than everything", ({ levels }) => (levels.lines = { block: 70, warn: 80, target: 120 }), "levels.lines.target"],
  ])("%s is shown at its field", (_what, change, field) => {
    const typed = values(change);
    const checked = SetPolicy.safeParse(toPolicyInput(typed, about));
    expect(checked.error?.issues.map((issue) => gateFieldOf(issue.path.map(String).join("."), typed))).toEqual([field]);
  });
});
