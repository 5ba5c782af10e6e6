/**
 * Headers that tell browsers what this origin never does. Pages get a Content-Security-Policy with a nonce of their
 * own; everything else may load nothing at all. HSTS is sent only where the public address is https. Permission is
 * never decided here.
 */
import { randomBytes } from "node:crypto";

/** 128 bits, the least that CSP level 3 asks for. */
const NONCE_BYTES = 16;
/** One year, the least that the preload list accepts. */
const HSTS_SECONDS = 31_536_000;

const PERMISSIONS = ["camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture", "browsing-topics"];

export type SecurityOptions = {
  /** The public address is https. */
  isHttps: boolean;
  isDev: boolean;
  hstsPreload: boolean;
};

/** A fresh nonce in base64. */
export const newNonce = (): string => randomBytes(NONCE_BYTES).toString("base64");

/** The policy of a page whose scripts carry `nonce`. The development server needs eval and a socket. */
export function pagePolicy(nonce: string, options: SecurityOptions): string {
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${options.isDev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    `connect-src 'self'${options.isDev ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ];
  if (options.isHttps) directives.push("upgrade-insecure-requests");
  return directives.join("; ");
}

/** The policy of answers that are data: nothing may be loaded or framed. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** True for pictures that pages of other sites show: badges. They are data, and the one thing that others may load. */
export const isEmbeddable = (path: string): boolean => path.startsWith("/badge/");

/** Every security header but the policy, once each. */
export function securityHeaders(options: SecurityOptions): Record<string, string> {
  const headers: Record<string, string> = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": PERMISSIONS.map((name) => `${name}=()`).join(", "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",
  };
  if (options.isHttps) {
    headers["Strict-Transport-Security"] = `max-age=${HSTS_SECONDS}; includeSubDomains${options.hstsPreload ? "; preload" : ""}`;
  }
  return headers;
}
