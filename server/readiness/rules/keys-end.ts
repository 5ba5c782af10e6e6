import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { nameList } from "./words.ts";

export const keysEnd: Rule = {
  id: "keys-end",
  title: "Every API key has an end",
  why: "A key that leaked years ago still opens.",
  fix: "Replace the key by one that ends.",
  category: "secrets",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "all");
    const { keys, endlessKeys } = facts.console.access;
    return decide(endlessKeys.length === 0, { value: endlessKeys.length === 0 ? `all ${keys}` : `without an end: ${nameList(endlessKeys)}`, target: "all", at: facts.console.at, evidence: seen("API keys", "/access/keys", { Keys: keys, "Without an end": nameList(endlessKeys) || "none" }) }, keys === 0 ? 0 : 1 - endlessKeys.length / keys);
  },
};
