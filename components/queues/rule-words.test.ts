import { expect, test } from "vitest";
import { ruleSentence } from "./rule-words.ts";

test.each([
  [{ rule: "depth", value: 1_501 }, "1,501 jobs to be done"],
  [{ rule: "oldest", value: 600 }, "oldest waits 10 min"],
  [{ rule: "failureRate", value: 0.25 }, "25.0% of jobs fail"],
  [{ rule: "noConsumer", value: 3 }, "3 wait, no worker"],
  [{ rule: "noConsumer", value: 1 }, "1 waits, no worker"],
  [{ rule: "deadGrowth", value: 4 }, "4 new dead letters"],
  [{ rule: "deadGrowth", value: 1 }, "1 new dead letter"],
] as const)("%j is %s", (rule, words) => expect(ruleSentence(rule).replaceAll(/[\u00a0\u202f\u2009 ]/g, " ").replace(" %", "%")).toBe(words));
