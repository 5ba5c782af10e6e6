import type { Rule } from "../rule.ts";
import { headerRule } from "./words.ts";

export const headerFraming: Rule = headerRule({
  id: "header-framing",
  title: "It cannot be framed by strangers",
  why: "A hidden frame makes people click what they do not see.",
  fix: "Send Content-Security-Policy with frame-ancestors, or X-Frame-Options.",
  severity: "low",
  weight: 1,
  target: "frame-ancestors or X-Frame-Options",
  problemOf: (headers) => (/frame-ancestors/i.test(headers["content-security-policy"] ?? "") || /^(deny|sameorigin)$/i.test(headers["x-frame-options"]?.trim() ?? "") ? null : "missing"),
});
