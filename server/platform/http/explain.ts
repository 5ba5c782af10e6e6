/** Says of an address whether a guarded call may reach it now, and why not: for people who set up checks. */
import { OutboundError, type Outbound } from "./outbound.ts";
import { parseTarget } from "./target-url.ts";

export type Verdict = {
  /** `unresolved`: the name leads nowhere, so nothing can be said; `unreadable`: not an address. */
  verdict: "allowed" | "blocked" | "unresolved" | "unreadable";
  /** One sentence. */
  reason: string;
  host: string | null;
  port: number | null;
  /** The address that would be connected to. */
  address: string | null;
};

const DEFAULT_PORT = 443;
const REMARKS: Record<string, Verdict["verdict"]> = { blocked: "blocked", dns: "unresolved" };

/** Reads `https://host/…`, `host`, `host:port`, `[v6]:port` and `scheme://host:port`. */
function readAddress(text: string): { host: string; port: number } | null {
  const trimmed = text.trim();
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  const isBareV6 = !isUrl && !trimmed.startsWith("[") && trimmed.split(":").length > 2;
  const url = URL.parse(isUrl ? trimmed : `tcp://${isBareV6 ? `[${trimmed}]` : trimmed}`);
  if (!url?.hostname) return null;
  const known: Record<string, number> = { "http:": 80, "https:": DEFAULT_PORT, "postgresql:": 5_432, "postgres:": 5_432, "redis:": 6_379, "rediss:": 6_379, "amqp:": 5_672, "amqps:": 5_671 };
  const port = url.port === "" ? (known[url.protocol] ?? DEFAULT_PORT) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}

/** Resolves and judges, without connecting. Never rejects for anything that the address can cause. */
export async function explainAddress(http: Outbound, text: string): Promise<Verdict> {
  const to = readAddress(text);
  const nowhere = { host: to?.host ?? null, port: to?.port ?? null, address: null };
  if (!to) return { verdict: "unreadable", reason: "This is neither a URL nor a host with an optional :port.", ...nowhere };
  try {
    // HTTP has rules of its own about ports and credentials; whether a name is listed is judged below.
    if (/^https?:/i.test(text.trim())) parseTarget(text.trim(), { refusal: () => null, isListed: () => false });
    const { address } = await http.resolve(to.host, to.port);
    return { verdict: "allowed", reason: `${to.host} leads to ${address}, which may be called.`, host: to.host, port: to.port, address };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { verdict: REMARKS[error.failure] ?? "unreadable", reason: error.message, ...nowhere };
  }
}
