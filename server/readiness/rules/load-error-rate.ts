import { decide, seen, unknown, type Rule } from "../rule.ts";
import { percent, LOAD_FRESH_MS } from "./words.ts";

const MOST = 0.01;

export const loadErrorRate: Rule = {
  id: "load-error-rate",
  title: "Under load at most 1 in 100 requests fails",
  why: "Errors under load are lost orders.",
  fix: "Look at which requests failed, and at the limits they met.",
  category: "performance",
  severity: "high",
  weight: 2,
  freshForMs: LOAD_FRESH_MS,
  appliesTo: ({ load }) => (load?.runs ?? 0) > 0,
  judge: ({ load }) => {
    const latest = load?.latest;
    if (!latest || latest.errorRate === null) return unknown("the run tells no error rate", `at most ${percent(MOST, 0)}`);
    return decide(latest.errorRate <= MOST, { value: percent(latest.errorRate), target: `at most ${percent(MOST, 0)}`, at: latest.at, evidence: seen(`${latest.scenario}, ${latest.profile}`, `/loadtests/${latest.id}`, { "Failed share": percent(latest.errorRate, 3), Requests: latest.requests }) });
  },
};
