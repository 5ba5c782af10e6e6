import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, plural } from "./words.ts";

const LEAST = 20;

export const described: Rule = {
  id: "described",
  title: "It says what it is for",
  why: "Whoever is called at night may see it for the first time.",
  fix: "Write a sentence or two into the service's description.",
  category: "documentation",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => decide(service.description.trim().length >= LEAST, { value: service.description.trim() ? plural(service.description.trim().length, "character") : "no description", target: `${LEAST} characters`, at: now, evidence: seen("Settings of the service", serviceHref(service, "settings"), { Description: service.description || "none" }) }),
};
