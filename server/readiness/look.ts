/** One look at an address through the guarded client, and what is kept of the answer. */
import { SECOND_MS, type Clock } from "../platform/clock.ts";
import { OutboundError, type Outbound } from "../platform/http/outbound.ts";
import type { Observation, ObservedKind } from "./facts.ts";

const TIMEOUT_MS = 8 * SECOND_MS;
/** Only the head of an answer is looked at. */
const BODY_BYTES = 1_024;
const MAX_REDIRECTS = 3;
const VALUE_CHARACTERS = 1_000;

/** Headers that rules read; nothing else of an answer is kept, least of all cookies. */
const KEPT = ["strict-transport-security", "x-content-type-options", "x-frame-options", "content-security-policy", "referrer-policy", "server", "x-powered-by", "x-aspnet-version", "location"];

const keep = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name].slice(0, VALUE_CHARACTERS)]])));

/** Where a kind of look goes: the plain-http twin for `redirect`, else the address itself. */
function targetOf(kind: ObservedKind, url: string): string {
  if (kind !== "redirect") return url;
  const target = new URL(url);
  target.protocol = "http:";
  target.port = "";
  return target.href;
}

/** Looks once. Never throws for what the network does: no answer is an observation too. */
export async function look(http: Outbound, what: { kind: ObservedKind; url: string }, world: { now: Clock; signal?: AbortSignal }): Promise<Observation> {
  const target = targetOf(what.kind, what.url);
  const base = { kind: what.kind, url: what.kind === "redirect" ? target : what.url };
  try {
    const answer = await http.request({ url: target, timeoutMs: TIMEOUT_MS, maxBodyBytes: BODY_BYTES, maxRedirects: what.kind === "redirect" ? 0 : MAX_REDIRECTS, signal: world.signal });
    return { ...base, answered: true, status: answer.status, detail: keep(answer.headers), observedAt: world.now() };
  } catch (error) {
    if (!(error instanceof OutboundError) || error.failure === "aborted") throw error;
    return { ...base, answered: false, status: null, detail: { problem: error.message.slice(0, VALUE_CHARACTERS) }, observedAt: world.now() };
  }
}
