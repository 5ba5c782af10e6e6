/** Evidence that arrives by itself with every commit. */
import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { loadHref } from "./words.ts";

export const evidenceFromPipeline: Rule = {
  id: "evidence-from-pipeline",
  title: "Its pipeline reports here",
  why: "Evidence that people have to carry stops coming when they are busy.",
  fix: "Push coverage or load results from the pipeline.",
  category: "delivery",
  severity: "medium",
  weight: 2,
  freshForMs: 14 * DAY_MS,
  appliesTo: ({ service }) => !service.isSelf,
  judge: ({ service, load }) => {
    const latest = load?.latest ?? null;
    const fromPipeline = latest !== null && latest.commit !== null;
    if (latest === null) return unknown("nothing was pushed yet", "a report of a commit", seen("Load tests", loadHref(service), { Reports: 0 }));
    return decide(fromPipeline, { value: fromPipeline ? `commit ${latest.commit?.slice(0, 8)}` : "a report without a commit", target: "a report of a commit", at: latest.at, evidence: seen("Newest report", `/loadtests/${latest.id}`, { Commit: latest.commit, Branch: latest.branch, Received: latest.at }) }, 0.5);
  },
};
