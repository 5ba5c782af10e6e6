import type { Rule } from "../rule.ts";
import { headerRule, overHttps } from "./words.ts";

const LEAST_SECONDS = 15_552_000;

export const headerHsts: Rule = {
  ...headerRule({
    id: "header-hsts",
    title: "Browsers are told to use TLS alone",
    why: "The first visit in the clear is the one that is attacked.",
    fix: "Send Strict-Transport-Security with a max-age of half a year or more.",
    severity: "medium",
    weight: 1,
    target: "Strict-Transport-Security of 180 days",
    problemOf: (headers) => {
      const value = headers["strict-transport-security"];
      if (!value) return "missing";
      const age = Number(/max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0);
      return age >= LEAST_SECONDS ? null : `max-age ${age}`;
    },
  }),
  appliesTo: overHttps,
};
