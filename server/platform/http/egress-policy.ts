/**
 * Who may be called. Public addresses may; everything else is refused unless the operator of the machine listed it in
 * EGRESS_ALLOW. Metadata addresses are refused even inside an allowed network, unless the list names them exactly.
 * The addresses of this machine's own interfaces, and the console's own database and Redis, are refused like private ones.
 * Entries that administrators add in the settings count like the list, but never open metadata addresses or the
 * console's own database and Redis.
 */
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { monotonicMs } from "../clock.ts";
import { addressFacts, parseAddress, type AddressFacts } from "./addresses.ts";

type Ip = ipaddr.IPv4 | ipaddr.IPv6;
type Rule = { host: string | null; network: [Ip, number] | null; port: number | null };

export type Destination = { host: string; address: string; port: number };

/** Returns why a destination is refused ("10.0.0.5 is private"), or null when it may be called. */
export type EgressPolicy = { refusal: (to: Destination) => string | null; isListed: (host: string, port: number) => boolean };

/** Interfaces change rarely; asking the kernel costs tens of microseconds. */
const INTERFACES_TTL_MS = 30_000;

const withoutDot = (host: string) => host.toLowerCase().replace(/\.$/, "");

function splitPort(entry: string): { rest: string; port: number | null } {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(entry);
  if (bracketed) return { rest: bracketed[1] ?? "", port: bracketed[2] ? Number(bracketed[2]) : null };
  const parts = entry.split(":");
  const last = parts[1];
  return parts.length === 2 && last !== undefined ? { rest: parts[0] ?? "", port: Number(last) } : { rest: entry, port: null };
}

function parseNetwork(text: string): [Ip, number] | null {
  const [literal = "", bits] = text.split("/");
  const ip = parseAddress(literal);
  if (!ip) return null;
  const widest = ip instanceof ipaddr.IPv4 ? 32 : 128;
  const length = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return length >= 0 && length <= widest ? [ip, length] : null;
}

/** Parses one entry: `10.0.0.0/8`, `192.168.1.5:8080`, `[fd00::]/8` without port, `[fd00::1]:443`, `db.internal:5432`. Null when unreadable. */
export function parseAllowEntry(entry: string): Rule | null {
  const { rest, port } = splitPort(entry.replace(/^\[([^\]]+)\](\/\d+)$/, "$1$2"));
  if (port !== null && !(port >= 1 && port <= 65_535)) return null;
  const network = parseNetwork(rest);
  if (network) return { host: null, network, port };
  const isName = /^(?=.*[a-z_])[a-z0-9_](?:[a-z0-9_.-]{0,252})$/i.test(rest);
  return isName ? { host: withoutDot(rest), network: null, port } : null;
}

/** The entries of EGRESS_ALLOW that cannot be read, for the start-up check. */
export const unreadableAllowEntries = (entries: readonly string[]): string[] => entries.filter((entry) => !parseAllowEntry(entry));

function matches(rule: Rule, to: Destination, readings: readonly Ip[]): boolean {
  if (rule.port !== null && rule.port !== to.port) return false;
  if (rule.host !== null) return rule.host === withoutDot(to.host);
  const network = rule.network;
  return network !== null && readings.some((ip) => ip.kind() === network[0].kind() && ip.match(network as [ipaddr.IPv4, number] & [ipaddr.IPv6, number]));
}

const namesExactly = (rule: Rule) => rule.network !== null && rule.network[1] === (rule.network[0] instanceof ipaddr.IPv4 ? 32 : 128);

/** Reads this machine's addresses at most every INTERFACES_TTL_MS. */
function interfaceAddresses(): () => Set<string> {
  let known = new Set<string>();
  let readAt = -Infinity;
  return () => {
    if (monotonicMs() - readAt < INTERFACES_TTL_MS) return known;
    readAt = monotonicMs();
    known = new Set(Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address)));
    return known;
  };
}

/** A shorter prefix is more than any private network and would make the list mean "everything". */
const SHORTEST_GRANTED_PREFIX = 8;

/** Why an administrator may not add this entry, as the end of a sentence; null when they may. */
export function grantProblem(entry: string): string | null {
  const rule = parseAllowEntry(entry);
  if (!rule) return "is neither an address, a CIDR nor a host name, each with an optional :port";
  if (!rule.network) return null;
  if (rule.network[1] < SHORTEST_GRANTED_PREFIX) return `is wider than /${SHORTEST_GRANTED_PREFIX}`;
  return namesExactly(rule) && addressFacts(rule.network[0]).isMetadata ? "is a metadata address; those are never called" : null;
}

export type AllowLists = {
  /** The entries of EGRESS_ALLOW. */
  allow: readonly string[];
  /** Entries of the settings. Those that `grantProblem` objects to have no effect. */
  granted?: readonly string[];
  /** The console's own database and Redis. */
  own?: readonly { host: string; port: number }[];
};

/**
 * Builds the policy from the allow-lists and the console's own endpoints. Throws on an unreadable entry of EGRESS_ALLOW:
 * a guard that silently drops a rule surprises its operator either way.
 */
export function createEgressPolicy({ allow, granted = [], own = [] }: AllowLists): EgressPolicy {
  const unreadable = unreadableAllowEntries(allow);
  if (unreadable.length > 0) throw new Error(`EGRESS_ALLOW has unreadable entries: ${unreadable.join(", ")}`);
  const rules = allow.map(parseAllowEntry).filter((rule) => rule !== null);
  const grants = granted.filter((entry) => grantProblem(entry) === null).map(parseAllowEntry).filter((rule) => rule !== null);
  const ownInterfaces = interfaceAddresses();
  const isHere = (address: string) => ownInterfaces().has(address) || parseAddress(address)?.range() === "loopback";
  const isOwn = (to: Destination) =>
    own.some(({ host, port }) => port === to.port && (withoutDot(host) === withoutDot(to.host) || host === to.address || ((isHere(host) || host === "localhost") && isHere(to.address))));

  const reasonFor = (to: Destination, facts: AddressFacts): string | null => {
    if (facts.kind) return `${to.address} is ${facts.kind}`;
    if (isOwn(to)) return `${to.address} belongs to this console`;
    return ownInterfaces().has(to.address) ? `${to.address} is this machine` : null;
  };

  return {
    isListed: (host, port) => [...rules, ...grants].some((rule) => rule.port === port && (rule.host === withoutDot(host) || (rule.network !== null && matches(rule, { host, address: host, port }, [parseAddress(host)].filter((ip) => ip !== null))))),
    refusal: (to) => {
      const ip = parseAddress(to.address);
      if (!ip) return `${to.address} is not an address`;
      const facts = addressFacts(ip);
      const reason = reasonFor(to, facts);
      if (!reason) return null;
      const isAllowed = rules.some((rule) => matches(rule, to, facts.readings) && (!facts.isMetadata || namesExactly(rule)));
      const isGranted = !facts.isMetadata && !isOwn(to) && grants.some((rule) => matches(rule, to, facts.readings));
      return isAllowed || isGranted ? null : reason;
    },
  };
}
