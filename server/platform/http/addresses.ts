/**
 * Says of an IP address whether it belongs to the public internet. Addresses that carry an IPv4 address inside (mapped,
 * NAT64, 6to4, Teredo) are unwrapped and the inner one is judged too, so no spelling of 127.0.0.1 is public.
 * Ranges: IANA special-purpose registries by ipaddr.js, plus cloud metadata addresses, which look public or merely local.
 */
import ipaddr from "ipaddr.js";

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** `kind` is null for a public address, else the word for a refusal: "private", "loopback". */
export type AddressFacts = {
  kind: string | null;
  isMetadata: boolean;
  /** The address and every IPv4 address inside it; allow-lists match any of them. */
  readings: readonly Ip[];
};

/** AWS, Azure, GCP and DigitalOcean use link-local; these are the exceptions (Alibaba, Azure's wire server, Oracle, AWS and GCP over IPv6). */
const METADATA_V4 = ["169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"].map((cidr) => ipaddr.IPv4.parseCIDR(cidr));
const METADATA_V6 = ["fd00:ec2::254/128", "fd20:ce::254/128"].map((cidr) => ipaddr.IPv6.parseCIDR(cidr));

const WORDS: Record<string, string> = {
  unspecified: "unspecified",
  broadcast: "broadcast",
  multicast: "multicast",
  linkLocal: "link-local",
  loopback: "loopback",
  carrierGradeNat: "carrier-grade NAT",
  private: "private",
  uniqueLocal: "private",
  deprecatedSiteLocal: "site-local",
};

/** Parses a literal as sockets would. Returns null for anything that is not exactly one address (zone ids included). */
export function parseAddress(text: string): Ip | null {
  if (text.includes("%")) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

const v4At = (bytes: number[], offset: number, mask = 0) => new ipaddr.IPv4(bytes.slice(offset, offset + 4).map((byte) => byte ^ mask));

/** IPv4 addresses inside an IPv6 address; empty when it is none of the embedding forms. */
function embedded(ip: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = ip.toByteArray();
  const range = ip.range();
  // RFC 4291 mapped, RFC 6145 translated, RFC 6052 NAT64 and the deprecated "compatible" form end in the IPv4 address.
  if (range === "ipv4Mapped" || range === "rfc6145" || range === "rfc6052") return [v4At(bytes, 12)];
  if (range === "6to4") return [v4At(bytes, 2)];
  // Teredo (RFC 4380): server at byte 4, client inverted at byte 12.
  if (range === "teredo") return [v4At(bytes, 4), v4At(bytes, 12, 0xff)];
  const isCompatible = range === "unicast" && bytes.slice(0, 12).every((byte) => byte === 0);
  return isCompatible ? [v4At(bytes, 12)] : [];
}

const isMetadata = (ip: Ip): boolean =>
  ip instanceof ipaddr.IPv4 ? METADATA_V4.some((cidr) => ip.match(cidr)) : METADATA_V6.some((cidr) => ip.match(cidr));

function kindOf(ip: Ip, inner: ipaddr.IPv4[]): string | null {
  if (isMetadata(ip)) return "a metadata address";
  if (inner.length > 0) {
    for (const address of inner) {
      const kind = kindOf(address, []);
      if (kind) return kind;
    }
    return null;
  }
  const range = ip.range();
  return range === "unicast" ? null : (WORDS[range] ?? "reserved");
}

/** Judges one parsed address. */
export function addressFacts(ip: Ip): AddressFacts {
  const inner = ip instanceof ipaddr.IPv6 ? embedded(ip) : [];
  const readings: Ip[] = [ip, ...inner];
  return { kind: kindOf(ip, inner), isMetadata: readings.some(isMetadata), readings };
}
