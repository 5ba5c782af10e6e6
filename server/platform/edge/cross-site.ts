/**
 * Cross-site request forgery, decided from what browsers cannot be made to forge: Sec-Fetch-Site and Origin. Only
 * cookies travel by themselves, so a caller with an API key is never cross-site. A caller with a cookie must prove
 * the same origin; silence is not proof. A sibling subdomain is another site here.
 */
import type { Actor } from "../context.ts";

type Proof = { headers: Headers; actor: Actor; publicOrigin: string };

/** The origin is the public one, or the very host that this request was sent to. */
function isOwnOrigin(origin: string, headers: Headers, publicOrigin: string): boolean {
  if (origin === publicOrigin) return true;
  const host = headers.get("host");
  return host !== null && URL.canParse(origin) && new URL(origin).host === host;
}

/** True when the request may have been sent on another site's behalf. */
export function isCrossSite({ headers, actor, publicOrigin }: Proof): boolean {
  if (actor.kind === "apiKey" || actor.kind === "system") return false;
  const fetchSite = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (origin !== null && !isOwnOrigin(origin, headers, publicOrigin)) return true;
  if (fetchSite !== null) return fetchSite !== "same-origin";
  if (origin !== null) return false;
  // Neither header: no browser of today. A cookie without proof is refused, an anonymous script may go on.
  return actor.kind === "user";
}
