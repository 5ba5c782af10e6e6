/** Reads an address the way sockets will use it, and refuses what a guarded call never does. */
import { isIP } from "node:net";
import type { EgressPolicy } from "./egress-policy.ts";
import { OutboundError } from "./outbound.ts";

/** What every proxy and browser agrees to carry. */
const MAX_URL_LENGTH = 2_048;

/** Ports of other protocols that an HTTP request could speak to by accident or on purpose (fetch.spec.whatwg.org#port-blocking). */
const REFUSED_PORTS = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117,
  119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
  989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

export type TargetUrl = { url: URL; host: string; port: number; isTls: boolean };

const blocked = (reason: string) => new OutboundError("blocked", `blocked by egress policy: ${reason}`);

/** Parses and checks an address, not yet where its name leads. Throws OutboundError. */
export function parseTarget(text: string, policy: EgressPolicy): TargetUrl {
  if (text.length > MAX_URL_LENGTH) throw blocked(`the address is longer than ${MAX_URL_LENGTH} characters`);
  if (!URL.canParse(text)) throw new OutboundError("protocol", "the address cannot be read");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw blocked("only http and https are called");
  if (url.username !== "" || url.password !== "") throw blocked("credentials in the address");
  const isTls = url.protocol === "https:";
  const host = hostOf(url.hostname);
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  if (port === 0 || (REFUSED_PORTS.has(port) && !policy.isListed(host, port))) throw blocked(`port ${port} is not for HTTP`);
  return { url, host, port, isTls };
}

/** A host without brackets. Throws OutboundError for anything a resolver could read as more than a name. */
export function hostOf(text: string): string {
  const host = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const isReadable = isIP(host) !== 0 ? !host.includes("%") : /^[\p{L}\p{N}_.-]{1,253}$/u.test(host);
  if (!isReadable) throw new OutboundError("protocol", "the host cannot be read");
  return host;
}
