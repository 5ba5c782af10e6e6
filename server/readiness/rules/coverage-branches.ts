import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref } from "./coverage-words.ts";
import { figure } from "./words.ts";

export const coverageBranches: Rule = {
  id: "coverage-branches",
  title: "Enough of its branches are tested",
  why: "Most defects live in the branch that is rarely taken.",
  fix: "Test both sides of the conditions in the files with the largest gap.",
  category: "testing",
  severity: "high",
  weight: 2,
  freshForMs: 30 * DAY_MS,
  appliesTo: ({ coverage }) => coverage?.latest !== null && coverage?.latest?.percent.branches !== null && coverage !== null,
  judge: ({ service, coverage }) => {
    const level = coverage?.gate.levels.branches.warn ?? 75;
    const latest = coverage?.latest;
    const branches = latest?.percent.branches ?? null;
    if (!latest || branches === null) return unknown("no branches were measured", `${level} % of branches`, seen("Coverage", coverageHref(service), { Reports: 0 }));
    return decide(branches >= level, { value: `${figure(branches, 1)} %`, target: `${level} % of branches`, at: latest.pushedAt, evidence: seen(`Commit ${latest.commit.slice(0, 8)}`, latest.url, { Commit: latest.commit, Branches: `${figure(branches, 2)} %`, Received: latest.pushedAt }) }, branches / level);
  },
};
