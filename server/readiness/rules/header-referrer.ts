import type { Rule } from "../rule.ts";
import { headerRule } from "./words.ts";

export const headerReferrer: Rule = headerRule({
  id: "header-referrer",
  title: "Addresses are not told to strangers",
  why: "Addresses carry tokens and names.",
  fix: "Send Referrer-Policy: strict-origin-when-cross-origin or stricter.",
  severity: "low",
  weight: 1,
  target: "Referrer-Policy",
  problemOf: (headers) => {
    const value = headers["referrer-policy"]?.toLowerCase() ?? "";
    if (!value) return "missing";
    return /unsafe-url|no-referrer-when-downgrade/.test(value) ? value : null;
  },
});
