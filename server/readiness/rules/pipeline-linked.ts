import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const pipelineLinked: Rule = linkRule({
  id: "pipeline-linked",
  title: "Its pipeline is linked and answers",
  why: "Whoever mends it must know how a mend gets out.",
  fix: "Add a link with the label Pipeline to the service.",
  category: "delivery",
  severity: "medium",
  weight: 2,
  kind: "pipeline",
  named: "pipeline",
});
