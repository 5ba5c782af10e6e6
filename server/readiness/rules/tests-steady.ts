import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref, newestOf } from "./coverage-words.ts";

const MOST = 0.02;

export const testsSteady: Rule = {
  id: "tests-steady",
  title: "At most 1 in 50 tests is flaky",
  why: "A test that fails now and then is believed neither way.",
  fix: "Mend the flaky tests that the page names first.",
  category: "testing",
  severity: "medium",
  weight: 1,
  freshForMs: 14 * DAY_MS,
  appliesTo: ({ coverage }) => (coverage?.tests?.tests ?? 0) > 0,
  judge: ({ service, coverage }) => {
    const tests = coverage?.tests;
    if (!tests) return unknown("no test results were pushed", "at most 2 %");
    const share = tests.tests === 0 ? 0 : tests.flaky / tests.tests;
    return decide(share <= MOST, { value: `${tests.flaky} of ${tests.tests}`, target: "at most 2 %", at: newestOf(tests.flags.map((flag) => flag.at)), evidence: seen("Tests", `${coverageHref(service)}?tab=tests`, { Tests: tests.tests, Flaky: tests.flaky }) });
  },
};
