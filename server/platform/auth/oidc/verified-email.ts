/**
 * The email address in an issuer's claims, if it may name an account here. The issuer must say that it verified it. Only
 * plain ASCII passes: letters of other scripts look like Latin ones, and some become Latin when made lower case, so an
 * address could pass for another person's. A punycode domain passes only when it is one of the allowed domains. Pure.
 */
import * as z from "zod";

/** RFC 5321: the whole path, and what stands before the @. */
const ADDRESS_MAX = 254;
const LOCAL_MAX = 64;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

const Claims = z.object({ email: z.string(), email_verified: z.union([z.boolean(), z.string()]).optional() });

export type EmailVerdict = { email: string } | { problem: string };

function problemOf(email: string, allowedDomains: readonly string[]): string | null {
  const at = email.indexOf("@");
  const domain = email.slice(at + 1).toLowerCase();
  if (email.length > ADDRESS_MAX || at > LOCAL_MAX) return "is too long";
  if (!PRINTABLE_ASCII.test(email)) return "holds characters that could pass for others";
  if (!z.email().safeParse(email).success) return "is not an email address";
  const isAllowed = allowedDomains.some((allowed) => allowed.toLowerCase() === domain);
  if (allowedDomains.length > 0 && !isAllowed) return "is of a domain that may not sign in";
  return /(^|\.)xn--/.test(domain) && !isAllowed ? "is of a domain in another script" : null;
}

/** Lower case, or why it is refused. */
export function verifiedEmail(claims: Record<string, unknown>, allowedDomains: readonly string[]): EmailVerdict {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return { problem: "The issuer told no email address." };
  // Some issuers send the text "true".
  if (parsed.data.email_verified !== true && parsed.data.email_verified !== "true") return { problem: "The issuer did not verify the email address." };
  const problem = problemOf(parsed.data.email, allowedDomains);
  return problem === null ? { email: parsed.data.email.toLowerCase() } : { problem: `The email address ${problem}.` };
}
