import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, httpChecks, newestResult, nameList } from "./words.ts";

export const httpsOnly: Rule = {
  id: "https-only",
  title: "It is reached over TLS alone",
  why: "What travels in the clear can be read and changed.",
  fix: "Serve it over https and point its checks there.",
  category: "security",
  severity: "critical",
  weight: 3,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => httpChecks(service).length > 0,
  judge: ({ service }) => {
    const clear = httpChecks(service).filter(({ url }) => !url.startsWith("https:"));
    return decide(clear.length === 0, { value: clear.length === 0 ? "https" : `in the clear: ${nameList(clear.map(({ name }) => name))}`, target: "https", at: newestResult(service), evidence: seen("Addresses of its checks", checkHref(service), Object.fromEntries(httpChecks(service).slice(0, 8).map(({ name, url }) => [name, url]))) });
  },
};
