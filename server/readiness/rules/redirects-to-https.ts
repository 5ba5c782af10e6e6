import { decide, seen, unknown, type Rule } from "../rule.ts";
import { overHttps, OBSERVED_MS } from "./words.ts";

export const redirectsToHttps: Rule = {
  id: "redirects-to-https",
  title: "Plain http leads to https or nowhere",
  why: "People type addresses without https.",
  fix: "Answer http with a permanent redirect to https, or not at all.",
  category: "security",
  severity: "medium",
  weight: 1,
  freshForMs: OBSERVED_MS,
  appliesTo: overHttps,
  judge: ({ observed }) => {
    const found = observed.redirect;
    if (!found) return unknown("not looked at yet", "redirect to https");
    const { status, detail } = found;
    const evidence = seen(found.url, found.url, { Address: found.url, Status: status, Location: detail.location, Problem: detail.problem, Looked: found.observedAt });
    if (!found.answered) return decide(true, { value: "http is not answered", target: "redirect to https", at: found.observedAt, evidence });
    const leads = status !== null && status >= 300 && status < 400 && (detail.location ?? "").startsWith("https:");
    return decide(leads, { value: leads ? `${status} to https` : `${status} in the clear`, target: "redirect to https", at: found.observedAt, evidence });
  },
};
