/** Errors are collected somewhere that can be opened. */
import type { Rule } from "../rule.ts";
import { linkRule } from "./words.ts";

export const errorTrackingLinked: Rule = {
  ...linkRule({
    id: "error-tracking-linked",
    title: "Its errors are collected where they can be seen",
    why: "Users do not report most errors; they leave.",
    fix: "Collect errors and add a link with the label Errors to the service.",
    category: "observability",
    severity: "high",
    weight: 3,
    kind: "errors",
    named: "errors",
  }),
  appliesTo: ({ service }) => service.tier <= 2 && !service.isSelf,
};
