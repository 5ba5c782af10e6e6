/**
 * Who is calling, by address. The socket's peer is believed; X-Forwarded-For only as far as the chain of trusted
 * proxies reaches: it is read from the right, trusted hops are skipped, and the first other address is the client.
 * A header from anyone else is ignored, so nobody can choose the address that limits and blocks count.
 */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type TrustedRange = [Address, number];

/** Bits of an IPv6 address that identify one customer; the rest is theirs to rotate. */
const IPV6_LIMIT_BITS = 64;
/** Hops that are read at most; a longer header is an attack, not a route. */
const MAX_HOPS = 32;

/** Parses an address in any usual spelling (mapped, bracketed, with port or zone); null when it is none. */
export function parseAddress(text: string): Address | null {
  const bare = text.trim().replace(/^\[([^\]]+)\](:\d+)?$/, "$1").replace(/%.*$/, "");
  const unported = /^\d+\.\d+\.\d+\.\d+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(":")) : bare;
  if (ipaddr.IPv4.isValidFourPartDecimal(unported)) return ipaddr.IPv4.parse(unported);
  if (!ipaddr.IPv6.isValid(unported)) return null;
  const six = ipaddr.IPv6.parse(unported);
  return six.isIPv4MappedAddress() ? six.toIPv4Address() : six;
}

/** One spelling per address: IPv4-mapped becomes IPv4, IPv6 in its RFC 5952 form. Null when it is no address. */
export function normalizeAddress(text: string): string | null {
  return parseAddress(text)?.toString() ?? null;
}

/** Reads CIDRs and single addresses. Throws with the entry that is neither. */
export function parseTrusted(entries: readonly string[]): TrustedRange[] {
  return entries.map((entry) => {
    const address = parseAddress(entry);
    if (address) return [address, address.kind() === "ipv4" ? 32 : 128];
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
    throw new Error(`TRUSTED_PROXIES: "${entry}" is neither an address nor a CIDR`);
  });
}

function isTrusted(address: Address, trusted: readonly TrustedRange[]): boolean {
  return trusted.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
}

/**
 * The caller's address: the peer, or what trusted proxies report about who called them. When a trusted proxy's header
 * holds something that is no address, the last address that was certain is used.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: readonly TrustedRange[]): string {
  let current = parseAddress(peer);
  if (!current) return peer;
  const hops = (forwardedFor ?? "").split(",").slice(-MAX_HOPS);
  while (hops.length > 0 && isTrusted(current, trusted)) {
    const hop = parseAddress(hops.pop() ?? "");
    if (!hop) break;
    current = hop;
  }
  return current.toString();
}

/** What limits count: the IPv4 address, or the /64 of an IPv6 address. */
export function limitKey(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed) return address;
  if (parsed.kind() === "ipv4") return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_LIMIT_BITS}`);
  return `${network.toString()}/${IPV6_LIMIT_BITS}`;
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  return parseAddress(address)?.range() === "loopback";
}
