/**
 * What a request may say about itself. Every header that a proxy or the framework would believe is dropped, then the
 * edge writes the facts it established: `x-seaworthy-client-address`, `x-seaworthy-peer` and `x-request-id`.
 */
import type { IncomingHttpHeaders } from "node:http";
import { newId } from "../ids.ts";

/** Headers by which the edge tells routes what it established. Clients cannot send them. */
export const CLIENT_ADDRESS_HEADER = "x-seaworthy-client-address";
/** "direct" when the socket's peer is the client, "proxied" when a trusted proxy spoke for it. */
export const PEER_HEADER = "x-seaworthy-peer";
export const REQUEST_ID_HEADER = "x-request-id";
/** Response headers by which routes tell the edge what to log; never sent to the client. */
export const ROUTE_HEADER = "x-seaworthy-route";
export const CALLER_HEADER = "x-seaworthy-caller";

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

const SPOOFABLE_PREFIXES = ["x-forwarded-", "x-middleware-", "x-seaworthy-", "x-vercel-", "x-invoke-", "x-matched-"];
const SPOOFABLE = new Set([
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "x-original-url",
  "x-rewrite-url",
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
  "x-nonce",
  // Next reads the nonce of its scripts from this request header.
  "content-security-policy",
  "content-security-policy-report-only",
  // No server actions exist; their parser need not see anything.
  "next-action",
]);
/** Debug channel of the development server; nothing else may name the framework's internals. */
const DEV_ONLY_PREFIX = "x-nextjs-";

/** Removes what only a proxy or the framework may say. Changes `headers`. */
export function dropSpoofable(headers: IncomingHttpHeaders, isDev: boolean): void {
  for (const name of Object.keys(headers)) {
    const isOurs = SPOOFABLE.has(name) || SPOOFABLE_PREFIXES.some((prefix) => name.startsWith(prefix));
    if (isOurs || (!isDev && name.startsWith(DEV_ONLY_PREFIX))) delete headers[name];
  }
}

/** The caller's request id when it is well formed (8 to 64 of A-Z a-z 0-9 . _ -), else a new one. */
export function requestIdFrom(incoming: string | string[] | undefined): string {
  return typeof incoming === "string" && REQUEST_ID.test(incoming) ? incoming : newId("req");
}
