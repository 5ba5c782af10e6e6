import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { nameList } from "./words.ts";

export const keysInUse: Rule = {
  id: "keys-in-use",
  title: "No API key is forgotten",
  why: "A key that nobody uses is only of use to a thief.",
  fix: "Revoke keys that were not used for 90 days.",
  category: "secrets",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "used within 90 days");
    const { idleKeys, keys } = facts.console.access;
    return decide(idleKeys.length === 0, { value: idleKeys.length === 0 ? "all in use" : `unused: ${nameList(idleKeys)}`, target: "used within 90 days", at: facts.console.at, evidence: seen("API keys", "/access/keys", { Keys: keys, Unused: nameList(idleKeys) || "none" }) });
  },
};
