import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { percent, serviceHref, newestResult } from "./words.ts";

/** The month's objective by tier: 99.9 %, 99.5 % and 99 %. */
const OBJECTIVE: Record<number, number> = { 1: 0.999, 2: 0.995, 3: 0.99 };
/** With less of the month known, the ratio says little. */
const KNOWN_SHARE = 0.1;

export const uptime30Days: Rule = {
  id: "uptime-30-days",
  title: "Uptime of 30 days meets its objective",
  why: "The past month is the best forecast of the next.",
  fix: "Look at its outages and take away what caused them.",
  category: "availability",
  severity: "high",
  weight: 4,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => {
    const objective = OBJECTIVE[service.tier] ?? 0.99;
    const { ratio, knownShare } = service.uptime30d;
    const target = `${percent(objective, 1)}`;
    if (ratio === null || knownShare < KNOWN_SHARE) return unknown("too little is known of the month", target, seen("Uptime", serviceHref(service), { "Known share": percent(knownShare, 1) }));
    return decide(ratio >= objective, { value: percent(ratio), target, at: newestResult(service) ?? now, evidence: seen(`${percent(ratio)} of 30 days`, serviceHref(service), { Uptime: percent(ratio, 3), "Known share": percent(knownShare, 1), Objective: target }) });
  },
};
