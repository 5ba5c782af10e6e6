import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";

export const credentialsCurrentKey: Rule = {
  id: "credentials-current-key",
  title: "Stored credentials are sealed with the present key",
  why: "A retired key must not be needed any more.",
  fix: "Let the rotation finish: it seals everything again by itself.",
  category: "secrets",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "all");
    const others = facts.console.outdatedSecrets;
    return decide(others === 0, { value: others === 0 ? "all" : `${others} under an older key`, target: "all", at: facts.console.at, evidence: seen("Settings", "/settings", { "Under older keys": others }) });
  },
};
