import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";

export const processesAlive: Rule = {
  id: "processes-alive",
  title: "Web and worker run",
  why: "Without a worker nothing is checked, sent or backed up.",
  fix: "Start the process that is missing.",
  category: "availability",
  severity: "critical",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "1 web, 1 worker");
    const { web, worker } = facts.console.telemetry;
    return decide(web > 0 && worker > 0, { value: `${web} web, ${worker} worker`, target: "1 web, 1 worker", at: facts.console.at, evidence: seen("Processes", "/telemetry", { Web: web, Worker: worker }) }, (Math.min(1, web) + Math.min(1, worker)) / 2);
  },
};
