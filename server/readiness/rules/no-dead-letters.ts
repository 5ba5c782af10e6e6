import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

export const noDeadLetters: Rule = {
  id: "no-dead-letters",
  title: "No dead letter waits for a decision",
  why: "Each one is work that somebody relied on and that was not done.",
  fix: "Look at each dead letter: retry it or discard it.",
  category: "reliability",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "none");
    const { dead } = facts.console.queues;
    return decide(dead === 0, { value: dead === 0 ? "none" : plural(dead, "dead letter"), target: "none", at: facts.console.at, evidence: seen("Queues", "/queues", { "Dead letters": dead }) });
  },
};
