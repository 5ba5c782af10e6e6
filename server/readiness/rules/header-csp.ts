import type { Rule } from "../rule.ts";
import { headerRule } from "./words.ts";

export const headerCsp: Rule = headerRule({
  id: "header-csp",
  title: "A content policy limits what may run",
  why: "It keeps an injected script from doing harm.",
  fix: "Send a Content-Security-Policy without unsafe-eval and without a wildcard.",
  severity: "medium",
  weight: 1,
  target: "Content-Security-Policy",
  problemOf: (headers) => {
    const value = headers["content-security-policy"];
    if (!value) return "missing";
    if (/'unsafe-eval'/i.test(value)) return "allows unsafe-eval";
    return /(default|script)-src[^;]*\s\*(\s|;|$)/i.test(value) ? "allows any source" : null;
  },
});
