import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, nameList } from "./words.ts";

export const componentsReported: Rule = {
  id: "components-reported",
  title: "No part has stopped reporting",
  why: "A part that vanished from the health document is watched by nobody.",
  fix: "Bring the part back into the health document, or remove it for good.",
  category: "reliability",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.components.length > 0,
  judge: ({ service }) => {
    const gone = service.components.filter(({ isGone }) => isGone);
    return decide(gone.length === 0, { value: gone.length === 0 ? "all report" : `gone: ${nameList(gone.map(({ name }) => name))}`, target: "all report", at: newestResult(service), evidence: seen("Parts of the service", serviceHref(service), { Parts: service.components.length, ...Object.fromEntries(gone.slice(0, 8).map(({ name, lastSeenAt }) => [name, `last seen ${lastSeenAt.toISOString()}`])) }) });
  },
};
