/**
 * Resolves a name once and judges every answer: one forbidden address refuses the whole name, because an attacker's DNS
 * chooses the order. Callers connect to the addresses returned here and never resolve again, so a second answer
 * (rebinding) is never asked for.
 */
import { lookup as dnsLookup, ADDRCONFIG } from "node:dns";
import { isIP } from "node:net";
import type { EgressPolicy } from "./egress-policy.ts";
import { OutboundError, type ResolvedTarget } from "./outbound.ts";
import { hostOf } from "./target-url.ts";

export type LookupAnswer = { address: string; family: number };
/** Answers all addresses of a name, or rejects with a system error that has `code`. */
export type Lookup = (host: string) => Promise<LookupAnswer[]>;

/** getaddrinfo, so that /etc/hosts, search domains and container names work as they do elsewhere on the machine. */
const askSystem: Lookup = (host) =>
  new Promise((resolve, reject) => {
    const isLocal = isLocalName(host);
    // ADDRCONFIG ignores loopback interfaces, which would hide local names on a machine without network.
    dnsLookup(isLocal ? "localhost" : host, { all: true, order: "ipv4first", hints: isLocal ? 0 : ADDRCONFIG }, (error, answers) => (error ? reject(error) : resolve(answers)));
  });

/** These names are the machine itself (RFC 6761 6.3), whether or not its resolver knows so. */
const isLocalName = (host: string) => /^(?:.+\.)?localhost\.?$/i.test(host);

/** Shares one running lookup among callers that ask for the same name; nothing is kept after the answer. */
export function sharedLookup(ask: Lookup = askSystem): Lookup {
  const running = new Map<string, Promise<LookupAnswer[]>>();
  return (host) => {
    const known = running.get(host);
    if (known) return known;
    const asked = ask(host).finally(() => running.delete(host));
    running.set(host, asked);
    return asked;
  };
}

function lookupFailure(host: string, cause: unknown): OutboundError {
  const code = (cause as { code?: string } | null)?.code ?? "";
  if (code === "ENOTFOUND" || code === "ENODATA") return new OutboundError("dns", `${host} does not resolve`, { cause });
  return new OutboundError("dns", `the name server gave no answer for ${host}`, { cause: cause ?? new Error("no answer") });
}

/** True when the name does not exist, which is the target's fault; other DNS failures are the network's or ours. */
export const isUnknownName = (error: OutboundError): boolean =>
  error.failure === "dns" && ["ENOTFOUND", "ENODATA"].includes((error.cause as { code?: string } | undefined)?.code ?? "");

async function answersFor(host: string, lookup: Lookup): Promise<LookupAnswer[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const answers = await lookup(host).catch((cause: unknown) => {
    throw lookupFailure(host, cause);
  });
  if (answers.length === 0) throw lookupFailure(host, { code: "ENODATA" });
  return answers;
}

/** Resolves and checks. The result has at least one address, IPv4 first. Throws OutboundError. */
export async function resolveChecked(to: { host: string; port: number }, world: { policy: EgressPolicy; lookup: Lookup }): Promise<ResolvedTarget[]> {
  const host = hostOf(to.host);
  const answers = await answersFor(host, world.lookup);
  for (const { address } of answers) {
    const refusal = world.policy.refusal({ host, address, port: to.port });
    if (refusal) throw new OutboundError("blocked", `blocked by egress policy: ${refusal}`);
  }
  return answers
    .map(({ address }): ResolvedTarget => ({ host, address, family: isIP(address) === 6 ? 6 : 4, port: to.port }))
    .toSorted((a, b) => a.family - b.family);
}
