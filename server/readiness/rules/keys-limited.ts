import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { nameList } from "./words.ts";

export const keysLimited: Rule = {
  id: "keys-limited",
  title: "API keys may do only what they need",
  why: "A key that may do everything is as good as an administrator.",
  fix: "Give each key the scopes of its work.",
  category: "secrets",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "scopes");
    const { allPowerfulKeys, keys } = facts.console.access;
    return decide(allPowerfulKeys.length === 0, { value: allPowerfulKeys.length === 0 ? "all have scopes" : `may do everything: ${nameList(allPowerfulKeys)}`, target: "scopes", at: facts.console.at, evidence: seen("API keys", "/access/keys", { Keys: keys, "May do everything": nameList(allPowerfulKeys) || "none" }) }, keys === 0 ? 0 : 1 - allPowerfulKeys.length / keys);
  },
};
