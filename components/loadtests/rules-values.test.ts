import { expect, test } from "vitest";
import { DEFAULT_RULES, UpdateRules } from "../../server/loadtests/schema.ts";
import { passingWords, rulesFieldOf, rulesInput, rulesValues, worseWords } from "./rules-values.ts";

test.each([0.01, 0.07, 0.001, 0.1, 1, 0])("a share of %d comes back as it was", (share) => {
  const rules = { ...DEFAULT_RULES, maxErrorRate: share, relative: share };
  expect(rulesInput(rulesValues(rules))).toEqual(rules);
});

test("what is refused is shown at the field that was typed in", () => {
  const typed = { ...rulesValues(DEFAULT_RULES), maxErrorPercent: 101, relativePercent: "", maxP95Ms: 0 };
  const checked = UpdateRules.safeParse({ service: "shop", revision: 0, rules: rulesInput(typed) });
  expect(checked.error?.issues.map((issue) => rulesFieldOf(issue.path.map(String).join("."))).toSorted()).toEqual(["maxErrorPercent", "maxP95Ms", "relativePercent"]);
});

test("rules in words", () => {
  expect(passingWords(DEFAULT_RULES)).toBe("at most 1 % failed, p95 at most 500 ms");
  expect(worseWords(DEFAULT_RULES)).toBe("slower by more than 10 % and 20 ms; p50 with fewer than 100 requests");
});
