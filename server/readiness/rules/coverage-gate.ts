import { DAY_MS } from "../../platform/clock.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { coverageHref, hasSource } from "./coverage-words.ts";
import { nameList } from "./words.ts";

export const coverageGate: Rule = {
  id: "coverage-gate",
  title: "Its newest commit passes the coverage gate",
  why: "A gate that is red and ignored is no gate.",
  fix: "Open the commit and mend what its verdict names.",
  category: "delivery",
  severity: "critical",
  weight: 3,
  freshForMs: 30 * DAY_MS,
  appliesTo: hasSource,
  judge: ({ service, coverage }) => {
    const latest = coverage?.latest;
    if (!latest || latest.outcome === "unknown") return unknown("no coverage was pushed", "passes", seen("Coverage", coverageHref(service), { Reports: 0 }));
    if (latest.outcome === "incomplete") return unknown(`waits for ${nameList(latest.missing)}`, "passes", seen(`Commit ${latest.commit.slice(0, 8)}`, latest.url, { Missing: nameList(latest.missing) }));
    return decide(latest.outcome !== "fail", { value: latest.outcome === "fail" ? "fails" : latest.outcome === "warn" ? "passes with a warning" : "passes", target: "passes", at: latest.pushedAt, evidence: seen(`Commit ${latest.commit.slice(0, 8)}`, latest.url, { Commit: latest.commit, Verdict: latest.outcome, Received: latest.pushedAt }) });
  },
};
