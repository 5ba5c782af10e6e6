import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref, hasSource, newestOf } from "./coverage-words.ts";
import { plural, nameList } from "./words.ts";

export const testsGreen: Rule = {
  id: "tests-green",
  title: "Its tests are green",
  why: "A red test that stays red teaches people not to look.",
  fix: "Mend the failing tests, or take them out on purpose.",
  category: "testing",
  severity: "critical",
  weight: 4,
  freshForMs: 14 * DAY_MS,
  appliesTo: hasSource,
  judge: ({ service, coverage }) => {
    const tests = coverage?.tests;
    if (!tests) return unknown("no test results were pushed", "no failure", seen("Tests", coverageHref(service), { Results: 0 }));
    const at = newestOf(tests.flags.map((flag) => flag.at));
    const red = tests.flags.filter(({ isGreen }) => !isGreen).map(({ flag }) => flag);
    return decide(tests.isGreen, { value: tests.isGreen ? `${tests.passed} passed` : `${tests.failed} of ${tests.tests} fail in ${nameList(red)}`, target: "no failure", at, evidence: seen(plural(tests.tests, "test"), `${coverageHref(service)}?tab=tests`, { Tests: tests.tests, Passed: tests.passed, Failed: tests.failed, Skipped: tests.skipped, Flaky: tests.flaky, ...Object.fromEntries(tests.flags.map((flag) => [flag.flag, flag.isGreen ? "green" : "red"])) }) });
  },
};
