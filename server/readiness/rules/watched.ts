import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult, plural, nameList } from "./words.ts";

export const watched: Rule = {
  id: "watched",
  title: "Something watches it",
  why: "Nobody can say that a service is well when nothing asks it.",
  fix: "Add a check of its health address.",
  category: "availability",
  severity: "critical",
  weight: 3,
  isBlocking: true,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const checks = liveChecks(service);
    const evidence = seen(plural(checks.length, "check"), checkHref(service), { Checks: nameList(checks.map(({ name }) => name)) || "none", "Last result": newestResult(service) });
    return decide(checks.length > 0, { value: plural(checks.length, "check"), target: "at least 1 check", at: newestResult(service), evidence });
  },
};
