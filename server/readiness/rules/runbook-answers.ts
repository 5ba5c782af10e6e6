import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const runbookAnswers: Rule = {
  ...linkRule({
    id: "runbook-answers",
    title: "Its runbook is linked and answers",
    why: "Steps that were thought about by day are better than those made up at night.",
    fix: "Write a runbook and add a link with the label Runbook to the service.",
    category: "documentation",
    severity: "high",
    weight: 3,
    kind: "runbook",
    named: "runbook",
  }),
  appliesTo: ({ service }) => service.tier <= 2,
};
