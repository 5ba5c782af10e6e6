/** Missing is not falling: a report that did not come is its own question. */
import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref } from "./coverage-words.ts";
import { nameList } from "./words.ts";

export const coverageComplete: Rule = {
  id: "coverage-complete",
  title: "No expected report is missing",
  why: "A suite that stopped reporting looks like one that passes.",
  fix: "See why the pipeline no longer pushes the suite.",
  category: "delivery",
  severity: "medium",
  weight: 1,
  freshForMs: 30 * DAY_MS,
  appliesTo: ({ coverage }) => (coverage?.expectedFlags.length ?? 0) > 0,
  judge: ({ service, coverage }) => {
    const latest = coverage?.latest;
    const expected = nameList(coverage?.expectedFlags ?? []);
    if (!latest) return unknown("nothing was pushed", `reports of ${expected}`, seen("Coverage", coverageHref(service), { Expected: expected }));
    const carried = latest.flags.filter(({ isCarried }) => isCarried).map(({ flag }) => flag);
    return decide(latest.missing.length === 0, { value: latest.missing.length === 0 ? "all came" : `missing: ${nameList(latest.missing)}`, target: `reports of ${expected}`, at: latest.pushedAt, evidence: seen(`Commit ${latest.commit.slice(0, 8)}`, latest.url, { Expected: expected, Missing: nameList(latest.missing) || "none", Carried: nameList(carried) || "none" }) });
  },
};
