/** Lines of the newest commit against the level that blocks. */
import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref, hasSource } from "./coverage-words.ts";
import { figure } from "./words.ts";

export const coverageLines: Rule = {
  id: "coverage-lines",
  title: "Enough of its lines are tested",
  why: "What no test runs is tried by customers.",
  fix: "Test the files that the worklist names first.",
  category: "testing",
  severity: "critical",
  weight: 4,
  isBlocking: true,
  freshForMs: 30 * DAY_MS,
  appliesTo: hasSource,
  judge: ({ service, coverage }) => {
    const level = coverage?.gate.levels.lines.block ?? 70;
    const latest = coverage?.latest;
    const lines = latest?.percent.lines ?? null;
    if (!latest || lines === null) return unknown("no coverage was pushed", `${level} % of lines`, seen("Coverage", coverageHref(service), { Reports: 0 }));
    return decide(lines >= level, { value: `${figure(lines, 1)} %`, target: `${level} % of lines`, at: latest.pushedAt, evidence: seen(`Commit ${latest.commit.slice(0, 8)}`, latest.url, { Commit: latest.commit, Branch: latest.branch, Lines: `${figure(lines, 2)} %`, Received: latest.pushedAt }) }, lines / level);
  },
};
