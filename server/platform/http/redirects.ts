/** What a redirect may change: pure rules over one hop and its answer. */
import { OutboundError } from "./outbound.ts";

/** One request of a chain. Header names are lower case. */
export type Hop = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  redirectsLeft: number;
};

const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);
const BODY_HEADERS = new Set(["content-type", "content-length", "content-encoding", "content-language"]);

const refused = (reason: string) => new OutboundError("redirects", reason);

function locationOf(from: URL, location: string): URL {
  if (!URL.canParse(location, from)) throw refused("redirect to an address that cannot be read");
  return new URL(location, from);
}

/** 303 always, and 301 and 302 after POST, turn into GET without a body (fetch.spec.whatwg.org). */
const becomesGet = (status: number, method: string) =>
  (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST");

const withoutBodyHeaders = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).filter(([name]) => !BODY_HEADERS.has(name)));

/**
 * The next hop of an answer, or null when the answer is final. With no redirects allowed at all a redirect is itself
 * the answer. Throws OutboundError `redirects` for a chain that is too long, leaves https, or would carry a body away.
 */
export function nextHop(hop: Hop, answer: { from: URL; status: number; headers: Record<string, string> }, allowed: number): Hop | null {
  const { from } = answer;
  const location = answer.headers.location;
  if (!REDIRECT_STATUS.has(answer.status) || location === undefined || allowed === 0) return null;
  if (hop.redirectsLeft === 0) throw refused(`more than ${allowed} redirect${allowed === 1 ? "" : "s"}`);
  const to = locationOf(from, location);
  if (from.protocol === "https:" && to.protocol === "http:") throw refused("redirect from https to http");
  const isSameOrigin = to.origin === from.origin;
  const dropsBody = becomesGet(answer.status, hop.method);
  if (!isSameOrigin && !dropsBody && hop.body !== null) throw refused("redirect that would send the body to another origin");
  const headers = isSameOrigin ? hop.headers : {};
  return {
    url: to.href,
    method: dropsBody ? "GET" : hop.method,
    headers: dropsBody ? withoutBodyHeaders(headers) : headers,
    body: dropsBody ? null : hop.body,
    redirectsLeft: hop.redirectsLeft - 1,
  };
}
