import { decide, seen, unknown, type Rule } from "../rule.ts";
import { days, loadHref, LOAD_FRESH_MS } from "./words.ts";

export const loadTestedLately: Rule = {
  id: "load-tested-lately",
  title: "It was load tested in the last 30 days",
  why: "Software changes; last year's test tells about last year's software.",
  fix: "Run a load test and push the result.",
  category: "performance",
  severity: "medium",
  weight: 2,
  freshForMs: LOAD_FRESH_MS,
  appliesTo: ({ service }) => service.tier <= 2,
  judge: ({ service, load }, now) => {
    const latest = load?.latest;
    if (!latest) return unknown("no load test yet", "within 30 days", seen("Load tests", loadHref(service), { Runs: 0 }));
    return decide(latest.verdict !== "empty", { value: `${days(Math.max(0, now.getTime() - latest.at.getTime()))} ago`, target: "within 30 days", at: latest.at, evidence: seen(`${latest.scenario}, ${latest.profile}`, `/loadtests/${latest.id}`, { Scenario: latest.scenario, Profile: latest.profile, Verdict: latest.verdict, Received: latest.at }) });
  },
};
