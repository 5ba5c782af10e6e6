import { decide, seen, type Rule } from "../rule.ts";
import { loadHref, LOAD_FRESH_MS } from "./words.ts";

export const loadNoRegression: Rule = {
  id: "load-no-regression",
  title: "Its load test is no worse than its baseline",
  why: "Small losses add up, and nobody notices each of them.",
  fix: "Compare the run with the baseline; mend it, or promote the new figures on purpose.",
  category: "performance",
  severity: "medium",
  weight: 2,
  freshForMs: LOAD_FRESH_MS,
  appliesTo: ({ load }) => (load?.runs ?? 0) > 0,
  judge: ({ service, load }) => {
    if (!load?.regression) return decide(false, { value: "no baseline promoted", target: "no regression", at: load?.latest?.at ?? null, evidence: seen("Load tests", loadHref(service), { Runs: load?.runs ?? 0 }) });
    const { isRegression, words, at, runId } = load.regression;
    return decide(!isRegression, { value: words, target: "no regression", at, evidence: seen("Run beside its baseline", `/loadtests/${runId}`, { Finding: words }) });
  },
};
