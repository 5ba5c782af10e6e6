import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, httpChecks, newestResult, overHttps, nameList } from "./words.ts";

export const tlsVerified: Rule = {
  id: "tls-verified",
  title: "Its certificates are verified",
  why: "A check that accepts any certificate would also accept an attacker's.",
  fix: "Use a certificate that verifies and turn verification on again.",
  category: "security",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: overHttps,
  judge: ({ service }) => {
    const blind = httpChecks(service).filter(({ ignoresCertificateErrors }) => ignoresCertificateErrors);
    return decide(blind.length === 0, { value: blind.length === 0 ? "verified" : `not verified: ${nameList(blind.map(({ name }) => name))}`, target: "verified", at: newestResult(service), evidence: seen("Checks of the service", checkHref(service), Object.fromEntries(httpChecks(service).slice(0, 8).map((check) => [check.name, check.ignoresCertificateErrors ? "accepts any certificate" : "verifies"]))) });
  },
};
