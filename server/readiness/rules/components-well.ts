import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, nameList } from "./words.ts";

export const componentsWell: Rule = {
  id: "components-well",
  title: "No part of it is ill",
  why: "A part that is down is tomorrow's outage.",
  fix: "Open the service and look at the part that is named.",
  category: "reliability",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.components.some(({ isGone }) => !isGone),
  judge: ({ service }) => {
    const parts = service.components.filter(({ isGone }) => !isGone);
    const ill = parts.filter(({ verdict }) => verdict === "down" || verdict === "degraded");
    return decide(ill.length === 0, { value: ill.length === 0 ? `${parts.length} well` : `${ill.length} of ${parts.length} ill: ${nameList(ill.map(({ name }) => name))}`, target: "all well", at: newestResult(service), evidence: seen("Parts, from its own health document", serviceHref(service), Object.fromEntries(parts.slice(0, 12).map((part) => [part.name, `${part.verdict}${part.detail ? `, ${part.detail}` : ""}`]))) }, 1 - ill.length / parts.length);
  },
};
