import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref } from "./words.ts";

export const classified: Rule = {
  id: "classified",
  title: "It belongs to a domain",
  why: "What is not sorted is not seen in its context.",
  fix: "Enter the domain in the service's settings.",
  category: "maintainability",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => decide(service.domain !== "" || service.tags.length > 0, { value: service.domain || service.tags.join(", ") || "neither domain nor tag", target: "a domain or a tag", at: now, evidence: seen("Settings of the service", serviceHref(service, "settings"), { Domain: service.domain || "none", Tags: service.tags.join(", ") || "none" }) }),
};
