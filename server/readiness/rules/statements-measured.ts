import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";

export const statementsMeasured: Rule = {
  id: "statements-measured",
  title: "Slow statements are measured",
  why: "Without figures the slow query is found by guessing.",
  fix: "Load pg_stat_statements into the database.",
  category: "observability",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "available");
    const { statements } = facts.console.telemetry;
    return decide(statements === "available", { value: statements === "available" ? "available" : "not available", target: "available", at: facts.console.at, evidence: seen("Telemetry", "/telemetry", { "pg_stat_statements": statements }) });
  },
};
