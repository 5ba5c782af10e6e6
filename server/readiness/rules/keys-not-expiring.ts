import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { nameList } from "./words.ts";

export const keysNotExpiring: Rule = {
  id: "keys-not-expiring",
  title: "No API key is about to end",
  why: "The pipeline that uses it stops on that day.",
  fix: "Make a new key and replace the old one.",
  category: "secrets",
  severity: "medium",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "14 days left");
    const { expiringKeys, keys } = facts.console.access;
    return decide(expiringKeys.length === 0, { value: expiringKeys.length === 0 ? "none" : `ends soon: ${nameList(expiringKeys)}`, target: "14 days left", at: facts.console.at, evidence: seen("API keys", "/access/keys", { Keys: keys, "End within 14 days": nameList(expiringKeys) || "none" }) });
  },
};
