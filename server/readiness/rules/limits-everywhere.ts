import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { nameList } from "./words.ts";

export const limitsEverywhere: Rule = {
  id: "limits-everywhere",
  title: "Every call has a limit",
  why: "One door without a limit is the door that is used.",
  fix: "Give the tier a figure on the limits page.",
  category: "security",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "100 %");
    const { tiers, tiersWithoutFigure } = facts.console.limits;
    const share = tiers === 0 ? 0 : (tiers - tiersWithoutFigure.length) / tiers;
    return decide(tiers > 0 && tiersWithoutFigure.length === 0, { value: tiersWithoutFigure.length === 0 ? "100 % of tiers" : `none for ${nameList(tiersWithoutFigure)}`, target: "100 % of tiers", at: facts.console.at, evidence: seen("Limits", "/limits", { Tiers: tiers, Without: nameList(tiersWithoutFigure) || "none" }) }, share);
  },
};
