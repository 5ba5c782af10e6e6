/**
 * Signing in at an OpenID Connect issuer: authorization code flow with PKCE (RFC 7636), state and nonce. Between the two
 * steps everything that the answer is compared with travels in an encrypted cookie of this browser, under a key of its
 * own: a cookie of this flow is no session, and a session no cookie of this flow.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { decode, encode } from "next-auth/jwt";
import * as z from "zod";
import { config, publicUrl, type Config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { safePath } from "../safe-path.ts";
import { checkClaims } from "./claims.ts";
import { callIssuer, discover, issuerKeys, type Discovery } from "./issuer.ts";
import { verifyToken } from "./signature.ts";
import { verifiedEmail } from "./verified-email.ts";

/** Time to sign in at the issuer. */
export const FLOW_SECONDS = 600;
const SALT = "seaworthy oidc flow";
const RANDOM_BYTES = 32;
const NAME_MAX = 80;

export type IssuerConfig = { issuer: string; clientId: string; clientSecret: string; allowedDomains: string[] };

/** The issuer of this console; null when there is none. */
export function issuerConfig(values: Config = config()): IssuerConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = values;
  return issuer && clientId && clientSecret ? { issuer, clientId, clientSecret, allowedDomains: values.OIDC_ALLOWED_DOMAINS } : null;
}

/** A person as the issuer vouches for them. */
export type VouchedPerson = { issuer: string; subject: string; email: string; name: string };

const Flow = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });
const random = () => randomBytes(RANDOM_BYTES).toString("base64url");
const redirectUri = () => `${publicUrl()}/api/auth-oidc/callback`;

/** Where to send the browser, and the cookie's value that it must bring back. */
export async function beginFlow(ctx: Context, issuer: IssuerConfig, next: string): Promise<{ location: string; cookie: string }> {
  const discovery = await discover(ctx, issuer.issuer);
  const flow = { state: random(), nonce: random(), verifier: random(), next: safePath(next) };
  const url = new URL(discovery.authorization_endpoint);
  const query = {
    response_type: "code",
    client_id: issuer.clientId,
    redirect_uri: redirectUri(),
    scope: "openid email profile",
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: createHash("sha256").update(flow.verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { location: url.toString(), cookie: await encode({ token: flow, secret: config().AUTH_SECRET, salt: SALT, maxAge: FLOW_SECONDS }) };
}

async function readFlow(cookie: string | null): Promise<z.infer<typeof Flow> | null> {
  if (cookie === null) return null;
  try {
    return Flow.parse(await decode({ token: cookie, secret: config().AUTH_SECRET, salt: SALT }));
  } catch {
    // Not a cookie of ours, or too old: as if there were none.
    return null;
  }
}

const equal = (a: string, b: string) => Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b));

type Answer = { query: URLSearchParams; cookie: string | null };

/**
 * Checks the issuer's answer and finds out who came. Throws `unauthorized` when the answer is not to a question of this
 * browser or cannot be trusted, `precondition` when the person or the issuer declined, `invalid` when there is no email
 * address that may name an account, `unavailable` when the issuer does not answer.
 */
export async function finishFlow(ctx: Context, issuer: IssuerConfig, { query, cookie }: Answer): Promise<{ person: VouchedPerson; next: string }> {
  const flow = await readFlow(cookie);
  if (!flow || !equal(query.get("state") ?? "", flow.state)) throw new AppError("unauthorized", "This sign-in was not begun in this browser, or too long ago.");
  const discovery = await discover(ctx, issuer.issuer);
  const speaker = query.get("iss");
  if (speaker !== null && speaker !== discovery.issuer) throw new AppError("unauthorized", "The answer came from another issuer.");
  const code = query.get("code");
  if (query.has("error") || !code) throw new AppError("precondition", "The issuer declined.", { cause: new Error(`issuer error ${query.get("error")?.slice(0, NAME_MAX) ?? "without a code"}`) });
  const tokens = await exchange(ctx, { issuer, discovery, code, verifier: flow.verifier });
  const claims = await readIdToken(ctx, discovery, tokens.id_token);
  const { subject } = checkClaims(claims, { issuer: discovery.issuer, clientId: issuer.clientId, nonce: flow.nonce, now: ctx.now() });
  const about = "email" in claims && "email_verified" in claims ? claims : { ...claims, ...(await userinfo(ctx, discovery, { accessToken: tokens.access_token, subject })) };
  const verdict = verifiedEmail(about, issuer.allowedDomains);
  if ("problem" in verdict) throw new AppError("invalid", verdict.problem);
  const name = typeof about.name === "string" && about.name.trim() ? about.name.trim().slice(0, NAME_MAX) : verdict.email;
  return { person: { issuer: discovery.issuer, subject, email: verdict.email, name }, next: safePath(flow.next) };
}

const Tokens = z.object({ id_token: z.string(), access_token: z.string().optional() });
type Exchange = { issuer: IssuerConfig; discovery: Discovery; code: string; verifier: string };

async function exchange(ctx: Context, { issuer, discovery, code, verifier }: Exchange): Promise<z.infer<typeof Tokens>> {
  const form = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirectUri(), code_verifier: verifier });
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (discovery.token_endpoint_auth_methods_supported.includes("client_secret_basic")) {
    // RFC 6749, section 2.3.1: both parts are form-encoded first.
    const pair = [issuer.clientId, issuer.clientSecret].map((part) => encodeURIComponent(part)).join(":");
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  } else {
    form.set("client_id", issuer.clientId);
    form.set("client_secret", issuer.clientSecret);
  }
  const { status, body } = await callIssuer(ctx, { url: discovery.token_endpoint, method: "POST", headers, body: form.toString() });
  const tokens = Tokens.safeParse(body);
  if (status !== 200 || !tokens.success) {
    throw new AppError("unauthorized", "The issuer did not accept its own answer. Sign in again.", { cause: new Error(`token endpoint answered ${status} ${typeof body.error === "string" ? body.error : ""}`) });
  }
  return tokens.data;
}

async function readIdToken(ctx: Context, discovery: Discovery, token: string): Promise<Record<string, unknown>> {
  const first = verifyToken(token, await issuerKeys(ctx, discovery.jwks_uri));
  const verified = "isKeyMissing" in first ? verifyToken(token, await issuerKeys(ctx, discovery.jwks_uri, true)) : first;
  if ("isKeyMissing" in verified) throw new AppError("unauthorized", "The issuer's token cannot be trusted: none of its keys fits.");
  return verified.claims;
}

async function userinfo(ctx: Context, discovery: Discovery, { accessToken, subject }: { accessToken?: string; subject: string }): Promise<Record<string, unknown>> {
  if (!discovery.userinfo_endpoint || accessToken === undefined) return {};
  const { status, body } = await callIssuer(ctx, { url: discovery.userinfo_endpoint, headers: { authorization: `Bearer ${accessToken}` } });
  if (status !== 200 || body.sub !== subject) throw new AppError("unauthorized", "The issuer spoke of another person.");
  return body;
}
