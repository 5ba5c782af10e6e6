import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const docsAnswer: Rule = linkRule({
  id: "docs-answer",
  title: "Its documents are linked and answer",
  why: "A document that cannot be found does not exist.",
  fix: "Add a link with the label Docs to the service.",
  category: "documentation",
  severity: "medium",
  weight: 2,
  kind: "docs",
  named: "docs",
});
