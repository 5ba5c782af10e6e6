import type { Rule } from "../rule.ts";
import { headerRule } from "./words.ts";

export const headerNoVersion: Rule = headerRule({
  id: "header-no-version",
  title: "It does not tell its versions",
  why: "A version number tells an attacker which hole to try.",
  fix: "Take the version out of Server and X-Powered-By.",
  severity: "low",
  weight: 1,
  target: "no version in Server and X-Powered-By",
  problemOf: (headers) => {
    const told = [headers.server, headers["x-powered-by"], headers["x-aspnet-version"]].find((value) => value !== undefined && /\d+\.\d+/.test(value));
    return told ?? null;
  },
});
