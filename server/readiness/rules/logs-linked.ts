import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const logsLinked: Rule = linkRule({
  id: "logs-linked",
  title: "Its logs are one click away and answer",
  why: "What happened stands in the logs, if somebody finds them.",
  fix: "Add a link with the label Logs to the service.",
  category: "observability",
  severity: "medium",
  weight: 1,
  kind: "logs",
  named: "logs",
});
