/** Links are shown to every viewer; what looks like a credential inside an address does not belong there. */
import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, plural, nameList } from "./words.ts";

const SECRET_QUERY = /[?&](access_?token|token|api_?key|key|secret|password|passwd|auth|sig|signature)=[^&]{6,}/i;

export const noCredentialsInLinks: Rule = {
  id: "no-credentials-in-links",
  title: "No link carries a credential",
  why: "Links are copied, logged and shown to everybody.",
  fix: "Remove the credential from the link and replace it where it is used.",
  category: "secrets",
  severity: "critical",
  weight: 3,
  isBlocking: true,
  freshForMs: WATCHED_MS,
  judge: ({ service }, now) => {
    const links = [...service.links, ...(service.repositoryUrl ? [{ label: "Repository", url: service.repositoryUrl }] : [])];
    const found = links.filter(({ url }) => {
      const parsed = URL.parse(url);
      return parsed !== null && (parsed.password !== "" || SECRET_QUERY.test(parsed.search));
    });
    return decide(found.length === 0, { value: found.length === 0 ? "none" : `in ${nameList(found.map(({ label }) => label))}`, target: "none", at: now, evidence: seen(plural(links.length, "link"), serviceHref(service, "settings"), { Links: links.length, Found: nameList(found.map(({ label }) => label)) || "none" }) });
  },
};
