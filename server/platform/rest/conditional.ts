/**
 * Conditional reads (RFC 9110, 13.1.2): every answer to a GET carries a weak ETag of its body, and a caller who already
 * has that body gets 304 without it. Caches must ask each time, because what a caller may see can change with any request.
 */
import { createHash } from "node:crypto";

/** 96 bits: two bodies of one address never meet by chance. */
const TAG_BYTES = 12;
const CACHE = "private, no-cache";

/** Weak, because compression changes the bytes but not what they say. */
export function etagOf(body: string): string {
  return `W/"${createHash("sha256").update(body).digest().subarray(0, TAG_BYTES).toString("base64url")}"`;
}

/** True when an If-None-Match header names the tag, by weak comparison, or is `*`. */
export function isKnown(header: string | null, tag: string): boolean {
  if (header === null) return false;
  const bare = (text: string) => text.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((one) => bare(one) === bare(tag));
}

/** The answer to a read: 200 with the body, or 304 when the caller has it. */
export function readAnswer(request: Request, output: unknown, headers: Headers): Response {
  const body = JSON.stringify(output ?? null);
  const tag = etagOf(body);
  headers.set("etag", tag);
  headers.set("cache-control", CACHE);
  if (isKnown(request.headers.get("if-none-match"), tag)) return new Response(null, { status: 304, headers });
  headers.set("content-type", "application/json");
  return new Response(body, { headers });
}
