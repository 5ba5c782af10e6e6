/** A health address that answers 200 while the database is away is worse than none. */
import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { liveChecks, serviceHref, newestResult, plural, nameList } from "./words.ts";

export const healthCoversDependencies: Rule = {
  id: "health-covers-dependencies",
  title: "Its health tells about its dependencies",
  why: "An answer that looks at nothing is green while the database is away.",
  fix: "Let the health document name each dependency with its state (health+json, Actuator or this console's own form).",
  category: "reliability",
  severity: "critical",
  weight: 4,
  isBlocking: true,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.tier <= 2,
  judge: ({ service }) => {
    const parts = service.components.filter(({ isGone }) => !isGone);
    const direct = liveChecks(service).filter(({ kind }) => kind === "postgres" || kind === "redis" || kind === "tcp");
    const names = [...parts.map(({ name }) => name), ...direct.map(({ name }) => name)];
    if (newestResult(service) === null) return unknown("never looked at", "at least 1 dependency");
    return decide(names.length > 0, { value: names.length > 0 ? nameList(names) : "none named", target: "at least 1 dependency", at: newestResult(service), evidence: seen(plural(names.length, "dependency", "dependencies"), serviceHref(service), Object.fromEntries([...parts.slice(0, 8).map((part) => [part.name, `${part.verdict}, ${part.detail}`]), ...direct.slice(0, 4).map((check) => [check.name, check.state])])) });
  },
};
