import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult, plural, nameList } from "./words.ts";

export const secondCheck: Rule = {
  id: "second-check",
  title: "A second check looks from another side",
  why: "One check that is wrong hides an outage or invents one.",
  fix: "Add another check, of a real page or of the database.",
  category: "availability",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.tier === 1,
  judge: ({ service }) => {
    const checks = liveChecks(service);
    return decide(checks.length >= 2, { value: plural(checks.length, "check"), target: "2 checks", at: newestResult(service), evidence: seen(nameList(checks.map(({ name }) => name)) || "No check", checkHref(service), { Checks: checks.length }) }, checks.length / 2);
  },
};
