/** What an ID token must say to be believed (OpenID Connect Core 1.0, section 3.1.3.7). Pure. */
import { timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { MINUTE_MS, SECOND_MS } from "../../clock.ts";
import { AppError } from "../../errors.ts";

/** The issuer's clock and ours may differ by this much. */
const SKEW_MS = MINUTE_MS;
/** Section 2 of the standard. */
const SUBJECT_MAX = 255;

const Claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(SUBJECT_MAX),
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  nonce: z.string(),
});

/** What we asked for, to compare the answer with. */
export type Expected = { issuer: string; clientId: string; nonce: string; now: Date };

const equal = (a: string, b: string) => Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function firstProblem(claims: z.infer<typeof Claims>, { issuer, clientId, nonce, now }: Expected): string | null {
  const audiences = [claims.aud].flat();
  const nowMs = now.getTime();
  if (claims.iss !== issuer) return "it is of another issuer";
  if (!audiences.includes(clientId)) return "it is for another client";
  if (audiences.length > 1 && claims.azp === undefined) return "it is for several clients and does not say which";
  if (claims.azp !== undefined && claims.azp !== clientId) return "it was given to another client";
  if (claims.exp * SECOND_MS + SKEW_MS <= nowMs) return "it has expired";
  if (claims.iat * SECOND_MS - SKEW_MS > nowMs || (claims.nbf ?? 0) * SECOND_MS - SKEW_MS > nowMs) return "it is from the future; check the clocks";
  return equal(claims.nonce, nonce) ? null : "it answers another request";
}

/** Returns the subject of a token whose signature is right. Throws `unauthorized` with the first thing that is wrong. */
export function checkClaims(given: Record<string, unknown>, expected: Expected): { subject: string } {
  const claims = Claims.safeParse(given);
  const problem = claims.success ? firstProblem(claims.data, expected) : "it lacks what every ID token has";
  if (!claims.success || problem !== null) throw new AppError("unauthorized", `The issuer's token cannot be trusted: ${problem}.`);
  return { subject: claims.data.sub };
}
