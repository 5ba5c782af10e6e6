import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref } from "./words.ts";

export const hasOwner: Rule = {
  id: "has-owner",
  title: "Somebody owns it",
  why: "What belongs to everybody is mended by nobody.",
  fix: "Name the owner in the service's settings.",
  category: "maintainability",
  severity: "high",
  weight: 3,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => decide(service.owner !== "", { value: service.owner || "nobody", target: "an owner", at: now, evidence: seen("Settings of the service", serviceHref(service, "settings"), { Owner: service.owner || "none" }) }),
};
