import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

export const auditKept: Rule = {
  id: "audit-kept",
  title: "Who changed what is recorded",
  why: "After an incident the first question is what changed.",
  fix: "Check that the trail grows: npm run cli -- audit verify.",
  category: "observability",
  severity: "high",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "recorded");
    const { auditEntries, lastAuditAt } = facts.console.access;
    return decide(auditEntries > 0, { value: plural(auditEntries, "entry", "entries"), target: "recorded", at: facts.console.at, evidence: seen("Audit log", "/access/audit", { Entries: auditEntries, Newest: lastAuditAt }) });
  },
};
