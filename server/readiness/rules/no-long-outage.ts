import { HOUR_MS, MINUTE_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, spanWords, newestResult } from "./words.ts";

/** The longest stretch of down that a month may hold, by tier. */
const LONGEST_MS: Record<number, number> = { 1: 30 * MINUTE_MS, 2: HOUR_MS, 3: 4 * HOUR_MS };

export const noLongOutage: Rule = {
  id: "no-long-outage",
  title: "No outage of 30 days was too long",
  why: "How long it takes to recover matters as much as how often it falls.",
  fix: "Write down and rehearse how to bring it back.",
  category: "availability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => {
    const longest = LONGEST_MS[service.tier] ?? 4 * HOUR_MS;
    const target = `at most ${spanWords(longest)}`;
    if (newestResult(service) === null) return unknown("never watched", target);
    return decide(service.longestOutageMs <= longest, { value: service.longestOutageMs === 0 ? "no outage" : spanWords(service.longestOutageMs), target, at: newestResult(service) ?? now, evidence: seen("Timeline of the service", serviceHref(service, "timeline"), { Longest: spanWords(service.longestOutageMs), "Last down": service.lastDownAt }) });
  },
};
