import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult, nameList } from "./words.ts";

export const factsFresh: Rule = {
  id: "facts-fresh",
  title: "What is known of it is fresh",
  why: "Old news is not knowing.",
  fix: "See why its checks do not run or do not finish.",
  category: "observability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => liveChecks(service).length > 0,
  judge: ({ service }) => {
    const checks = liveChecks(service);
    const old = checks.filter(({ isStale, lastResultAt }) => isStale || lastResultAt === null);
    return decide(old.length === 0, { value: old.length === 0 ? "all fresh" : `old: ${nameList(old.map(({ name }) => name))}`, target: "all fresh", at: newestResult(service), evidence: seen("Checks of the service", checkHref(service), Object.fromEntries(checks.slice(0, 8).map((check) => [check.name, check.lastResultAt?.toISOString() ?? "never"]))) }, 1 - old.length / checks.length);
  },
};
