/**
 * Signed tokens of an issuer (JWS compact form, RFC 7515, with the algorithms of RFC 7518 and 8037). Only public-key
 * algorithms are known, and each only with a key of its own kind, so neither `none` nor a public key used as an HMAC
 * secret can pass. Pure: keys come in, claims go out.
 */
import { constants, createPublicKey, verify, type JsonWebKeyInput, type KeyObject } from "node:crypto";
import * as z from "zod";
import { AppError } from "../../errors.ts";

type Algorithm = { kty: "RSA" | "EC" | "OKP"; crv?: string; hash: string | null; isPss?: boolean };

const ALGORITHMS: Record<string, Algorithm> = {
  RS256: { kty: "RSA", hash: "sha256" },
  RS384: { kty: "RSA", hash: "sha384" },
  RS512: { kty: "RSA", hash: "sha512" },
  PS256: { kty: "RSA", hash: "sha256", isPss: true },
  PS384: { kty: "RSA", hash: "sha384", isPss: true },
  PS512: { kty: "RSA", hash: "sha512", isPss: true },
  ES256: { kty: "EC", crv: "P-256", hash: "sha256" },
  ES384: { kty: "EC", crv: "P-384", hash: "sha384" },
  ES512: { kty: "EC", crv: "P-521", hash: "sha512" },
  EdDSA: { kty: "OKP", crv: "Ed25519", hash: null },
};

/** Shorter RSA keys can be broken. */
const RSA_MIN_BITS = 2_048;
/** Tokens with many group claims have some 8 KiB. */
const MAX_TOKEN_CHARACTERS = 32_768;

const Header = z.object({ alg: z.string(), kid: z.string().optional(), crit: z.never().optional() });

/** One public key of the issuer. */
export const IssuerKey = z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional(), alg: z.string().optional(), crv: z.string().optional() });
export type IssuerKey = z.infer<typeof IssuerKey>;

const refuse = (reason: string): never => {
  throw new AppError("unauthorized", `The issuer's token cannot be trusted: ${reason}.`);
};

function readPart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as unknown;
  } catch {
    return refuse("it is not readable");
  }
}

/** Whether this key may have signed under this header. */
function fits(key: IssuerKey, algorithm: Algorithm, header: z.infer<typeof Header>): boolean {
  return (
    key.kty === algorithm.kty &&
    (algorithm.crv === undefined || key.crv === algorithm.crv) &&
    (key.use === undefined || key.use === "sig") &&
    (key.alg === undefined || key.alg === header.alg) &&
    (header.kid === undefined || key.kid === header.kid)
  );
}

function importKey(key: IssuerKey): KeyObject | null {
  try {
    return createPublicKey({ key: key as JsonWebKeyInput["key"], format: "jwk" });
  } catch {
    // A key that this machine cannot read signs nothing for us.
    return null;
  }
}

type Signed = { algorithm: Algorithm; text: Buffer; signature: Buffer };

function isSignedBy(key: KeyObject, { algorithm, text, signature }: Signed): boolean {
  if (algorithm.kty === "RSA" && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_MIN_BITS) return false;
  if (algorithm.kty === "EC") return verify(algorithm.hash, text, { key, dsaEncoding: "ieee-p1363" }, signature);
  if (algorithm.isPss) return verify(algorithm.hash, text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
  return verify(algorithm.hash, text, key, signature);
}

export type Verified = { claims: Record<string, unknown> } | { isKeyMissing: true };

/** Checks the signature and returns the claims, or that no key of the set fits. Throws `unauthorized` for a token that no key could save. */
export function verifyToken(token: string, keys: readonly IssuerKey[]): Verified {
  const parts = token.split(".");
  const [head = "", body = "", signature = ""] = parts;
  if (token.length > MAX_TOKEN_CHARACTERS || parts.length !== 3) return refuse("it has not the form of one");
  const header = Header.safeParse(readPart(head));
  if (!header.success) return refuse("its header is not understood");
  const algorithm = Object.hasOwn(ALGORITHMS, header.data.alg) ? ALGORITHMS[header.data.alg] : undefined;
  if (!algorithm) return refuse("it is not signed with a public key");
  const candidates = keys.filter((key) => fits(key, algorithm, header.data));
  if (candidates.length === 0) return { isKeyMissing: true };
  const signed: Signed = { algorithm, text: Buffer.from(`${head}.${body}`), signature: Buffer.from(signature, "base64url") };
  const isGood = candidates.some((candidate) => {
    const key = importKey(candidate);
    return key !== null && isSignedBy(key, signed);
  });
  if (!isGood) return refuse("its signature is wrong");
  const claims = z.record(z.string(), z.unknown()).safeParse(readPart(body));
  return claims.success ? { claims: claims.data } : refuse("it has no claims");
}
