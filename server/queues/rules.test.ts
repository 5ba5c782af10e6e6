import { describe, expect, it } from "vitest";
import { judge, worstLevel, type RuleFacts } from "./rules.ts";
import { DEFAULT_THRESHOLDS, type QueueRule } from "./schema/index.ts";

const well: RuleFacts = { depth: 0, waiting: 0, oldestWaitingMs: null, consumers: 1, dead: 0, deadBefore: 0, completedLastHour: 100, failedLastHour: 0 };
const level = (rule: QueueRule, facts: Partial<RuleFacts>) => judge({ ...well, ...facts }, DEFAULT_THRESHOLDS).find((result) => result.rule === rule)?.level;

describe("rules of a queue (C22)", () => {
  it.each<[QueueRule, Partial<RuleFacts>, string]>([
    ["depth", { depth: 500 }, "ok"],
    ["depth", { depth: 501 }, "warn"],
    ["depth", { depth: 1_000 }, "warn"],
    ["depth", { depth: 1_001 }, "critical"],
    ["oldest", { oldestWaitingMs: 300_000 }, "ok"],
    ["oldest", { oldestWaitingMs: 300_001 }, "warn"],
    ["oldest", { oldestWaitingMs: 1_800_001 }, "critical"],
    ["failureRate", { completedLastHour: 10, failedLastHour: 9 }, "ok"],
    ["failureRate", { completedLastHour: 90, failedLastHour: 10 }, "warn"],
    ["failureRate", { completedLastHour: 10, failedLastHour: 10 }, "critical"],
    ["noConsumer", { consumers: 0, waiting: 0 }, "ok"],
    ["noConsumer", { consumers: 0, waiting: 1 }, "critical"],
    ["noConsumer", { consumers: null, waiting: 1 }, "ok"],
    ["deadGrowth", { dead: 5, deadBefore: 5 }, "ok"],
    ["deadGrowth", { dead: 6, deadBefore: 5 }, "warn"],
    ["deadGrowth", { dead: 106, deadBefore: 5 }, "critical"],
    ["deadGrowth", { dead: 5, deadBefore: null }, "ok"],
  ])("%s of %j is %s", (rule, facts, expected) => expect(level(rule, facts)).toBe(expected));

  it("a rule without thresholds is off", () => {
    const off = { ...DEFAULT_THRESHOLDS, depth: { warn: null, critical: null } };
    expect(judge({ ...well, depth: 1e9 }, off)[0]?.level).toBe("ok");
  });

  it("the worst level counts", () => {
    expect(worstLevel([])).toBe("ok");
    expect(worstLevel(["ok", "critical", "warn"])).toBe("critical");
  });
});
