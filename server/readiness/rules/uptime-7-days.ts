import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { percent, serviceHref, newestResult } from "./words.ts";

const OBJECTIVE: Record<number, number> = { 1: 0.999, 2: 0.995, 3: 0.99 };

export const uptime7Days: Rule = {
  id: "uptime-7-days",
  title: "Uptime of this week meets its objective",
  why: "A bad week is felt now, whatever the month says.",
  fix: "Look at this week's outages.",
  category: "availability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => {
    const objective = OBJECTIVE[service.tier] ?? 0.99;
    const { ratio, knownShare } = service.uptime7d;
    const target = percent(objective, 1);
    if (ratio === null) return unknown("nothing is known of this week", target);
    return decide(ratio >= objective, { value: percent(ratio), target, at: newestResult(service) ?? now, evidence: seen(`${percent(ratio)} of 7 days`, serviceHref(service), { Uptime: percent(ratio, 3), "Known share": percent(knownShare, 1) }) });
  },
};
