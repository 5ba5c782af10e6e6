import type { Rule } from "../rule.ts";
import { headerRule } from "./words.ts";

export const headerContentType: Rule = headerRule({
  id: "header-content-type",
  title: "Browsers are told not to guess types",
  why: "A guessed type turns an upload into a script.",
  fix: "Send X-Content-Type-Options: nosniff.",
  severity: "low",
  weight: 1,
  target: "X-Content-Type-Options: nosniff",
  problemOf: (headers) => (headers["x-content-type-options"]?.toLowerCase().includes("nosniff") ? null : "missing"),
});
