import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, plural } from "./words.ts";

const MOST_FALLS = 3;

export const steady: Rule = {
  id: "steady",
  title: "It does not flap",
  why: "What falls and recovers again and again is about to stay down, and teaches people to ignore it.",
  fix: "Find what its short outages have in common.",
  category: "reliability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => {
    if (newestResult(service) === null) return unknown("never watched", `at most ${MOST_FALLS} in 7 days`);
    return decide(service.falls7d <= MOST_FALLS, { value: `went down ${plural(service.falls7d, "time")}`, target: `at most ${MOST_FALLS} in 7 days`, at: newestResult(service) ?? now, evidence: seen("Timeline of the service", serviceHref(service, "timeline"), { "Falls in 7 days": service.falls7d, "Last down": service.lastDownAt }) });
  },
};
