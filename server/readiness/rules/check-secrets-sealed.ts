import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, nameList } from "./words.ts";

export const checkSecretsSealed: Rule = {
  id: "check-secrets-sealed",
  title: "Credentials of its checks are sealed",
  why: "A credential in plain text is shown to whoever opens the check.",
  fix: "Mark the header as secret; it is encrypted from then on.",
  category: "secrets",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => service.checks.length > 0,
  judge: ({ service }, now) => {
    const open = service.checks.filter(({ plainCredentials }) => plainCredentials.length > 0);
    return decide(open.length === 0, { value: open.length === 0 ? "sealed" : `in plain text: ${nameList(open.map(({ name }) => name))}`, target: "sealed", at: now, evidence: seen("Checks of the service", checkHref(service), { Checks: service.checks.length, ...Object.fromEntries(open.slice(0, 8).map(({ name, plainCredentials }) => [name, plainCredentials.join(", ")])) }) });
  },
};
