import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult, nameList } from "./words.ts";

export const databaseWell: Rule = {
  id: "database-well",
  title: "Its databases answer",
  why: "Without its data a service is a shell.",
  fix: "Look at the database that does not answer.",
  category: "database",
  severity: "critical",
  weight: 3,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => liveChecks(service).some(({ kind }) => kind === "postgres" || kind === "redis"),
  judge: ({ service }) => {
    const stores = liveChecks(service).filter(({ kind }) => kind === "postgres" || kind === "redis");
    const down = stores.filter(({ state }) => state === "down");
    if (stores.every(({ state }) => state === "unknown")) return unknown("no fresh result", "all answer");
    return decide(down.length === 0, { value: down.length === 0 ? `${stores.length} answer` : `down: ${nameList(down.map(({ name }) => name))}`, target: "all answer", at: newestResult(service), evidence: seen("Database checks", checkHref(service), Object.fromEntries(stores.slice(0, 8).map((check) => [check.name, `${check.state}, ${check.lastMessage}`]))) });
  },
};
