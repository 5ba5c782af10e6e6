import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { liveChecks, serviceHref, newestResult, nameList } from "./words.ts";

export const databaseWatched: Rule = {
  id: "database-watched",
  title: "Its database is watched",
  why: "Most outages begin in the database.",
  fix: "Add a PostgreSQL or Redis check, or let the health document name the database.",
  category: "database",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.tier <= 2,
  judge: ({ service }) => {
    const stores = [
      ...liveChecks(service).filter(({ kind }) => kind === "postgres" || kind === "redis").map(({ name, state }) => ({ name, state })),
      ...service.components.filter(({ name, isGone }) => !isGone && /postgres|mysql|maria|mongo|redis|database|\bdb\b|search|dynamo|cassandra|sqlite/i.test(name)).map(({ name, verdict }) => ({ name, state: verdict })),
    ];
    if (newestResult(service) === null) return unknown("never looked at", "watched");
    return decide(stores.length > 0, { value: stores.length > 0 ? nameList(stores.map(({ name }) => name)) : "no database is named", target: "watched", at: newestResult(service), evidence: seen("Stores of the service", serviceHref(service), Object.fromEntries(stores.slice(0, 8).map(({ name, state }) => [name, state]))) });
  },
};
