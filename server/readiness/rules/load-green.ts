import { decide, seen, unknown, type Rule } from "../rule.ts";
import { LOAD_FRESH_MS } from "./words.ts";

export const loadGreen: Rule = {
  id: "load-green",
  title: "Its last load test passed",
  why: "A red test that nobody mends is a decision that nobody took.",
  fix: "Open the run, mend what failed, push the next.",
  category: "performance",
  severity: "high",
  weight: 2,
  freshForMs: LOAD_FRESH_MS,
  appliesTo: ({ load }) => (load?.runs ?? 0) > 0,
  judge: ({ load }) => {
    const latest = load?.latest;
    if (!latest) return unknown("no load test yet", "passed");
    return decide(latest.verdict === "passed", { value: latest.verdict === "passed" ? "passed" : (latest.reasons[0] ?? latest.verdict), target: "passed", at: latest.at, evidence: seen(`${latest.scenario}, ${latest.profile}`, `/loadtests/${latest.id}`, Object.fromEntries([["Verdict", latest.verdict], ...latest.reasons.slice(0, 6).map((reason, index) => [`Reason ${index + 1}`, reason])])) });
  },
};
