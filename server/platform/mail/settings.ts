/**
 * Where mail goes out, read from one address: `smtp://user:password@mail.example.com:587` (STARTTLS) or `smtps://…:465`
 * (TLS from the start). Pure.
 */
import ipaddr from "ipaddr.js";

export type SmtpSettings = {
  host: string;
  port: number;
  /** TLS before the first byte; else STARTTLS where the server offers it. */
  isTls: boolean;
  /** Without STARTTLS nothing is sent. */
  needsStartTls: boolean;
  login: { user: string; password: string } | null;
  /** What messages carry as their sender: `ops@example.com` or `Seaworthy <ops@example.com>`. */
  from: string;
};

/** RFC 8314: submission with STARTTLS, and with TLS from the start. */
const PORTS = { "smtp:": 587, "smtps:": 465 } as const;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** One mailbox: an address, or a name and an address in angle brackets; never a line break. */
export const SENDER = /^(?:[^\r\n<>"]{1,80} <[^\s<>@",;]{1,64}@[A-Za-z0-9.-]{1,190}>|[^\s<>@",;]{1,64}@[A-Za-z0-9.-]{1,190})$/;

/** Reads the address; null when it is none. A password is only sent over TLS, unless the server is on this machine. */
export function readSmtp(text: string, from: string): SmtpSettings | null {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "smtp:" && url.protocol !== "smtps:") || url.hostname === "") return null;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isTls = url.protocol === "smtps:";
  const login = url.username ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } : null;
  const isOurs = LOOPBACK.test(host);
  const asked = url.searchParams.get("starttls");
  const needsStartTls = !isTls && (asked === "required" || (login !== null && !isOurs));
  return { host, port: url.port ? Number(url.port) : PORTS[url.protocol], isTls, needsStartTls, login, from };
}

/** True for a host that is written as an address: then no name can be verified by TLS. */
export const isAddress = (host: string): boolean => ipaddr.isValid(host);
