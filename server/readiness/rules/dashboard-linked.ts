import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const dashboardLinked: Rule = linkRule({
  id: "dashboard-linked",
  title: "Its dashboard is one click away and answers",
  why: "In an outage nobody has time to search.",
  fix: "Add a link with the label Dashboard to the service.",
  category: "observability",
  severity: "low",
  weight: 1,
  kind: "dashboard",
  named: "dashboard",
});
