import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult } from "./words.ts";

/** How often a tier must be looked at, in seconds. */
const EVERY_S: Record<number, number> = { 1: 60, 2: 120, 3: 300 };

export const checkedOften: Rule = {
  id: "checked-often",
  title: "It is checked often enough",
  why: "An outage shorter than the interval is never seen.",
  fix: "Shorten the interval of its main check.",
  category: "availability",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => liveChecks(service).length > 0,
  judge: ({ service }) => {
    const every = EVERY_S[service.tier] ?? 300;
    const fastest = Math.min(...liveChecks(service).map(({ intervalSeconds }) => intervalSeconds));
    return decide(fastest <= every, { value: `every ${fastest} s`, target: `every ${every} s or oftener`, at: newestResult(service), evidence: seen("Checks of the service", checkHref(service), Object.fromEntries(liveChecks(service).slice(0, 8).map(({ name, intervalSeconds }) => [name, `every ${intervalSeconds} s`]))) });
  },
};
