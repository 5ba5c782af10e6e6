import { expect, test } from "vitest";
import { ruleSentence } from "./rule-words.ts";

test.each([
  [{ rule: "depth", value: 1_501 }, "1,501 jobs to be done"],
  [{ rule: "oldest", value: 600 }, "oldest waits 10 min"],
  [{ rule: "failureRate", value: 0.25 }, "25.0% of jobs fail"],
  [{ rule: "noConsumer", value: 3 }, "3 wait and no worker is there"],
  [{ rule: "deadGrowth", value: 4 }, "4 more dead letters in an hour"],
] as const)("%j is %s", (rule, words) => expect(ruleSentence(rule).replaceAll(/[\u00a0\u202f\u2009 ]/g, " ").replace(" %", "%")).toBe(words));
