import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

export const noExemptKeys: Rule = {
  id: "no-exempt-keys",
  title: "No key is exempt from limits",
  why: "A key that is never refused can take everybody else's share.",
  fix: "Give the key a figure of its own instead of an exemption.",
  category: "security",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "none");
    const { exemptions } = facts.console.limits;
    return decide(exemptions === 0, { value: exemptions === 0 ? "none" : plural(exemptions, "key"), target: "none", at: facts.console.at, evidence: seen("Limits", "/limits", { "Exempt keys": exemptions }) });
  },
};
