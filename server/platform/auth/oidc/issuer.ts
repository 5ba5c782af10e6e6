/**
 * What the issuer publishes about itself (OpenID Connect Discovery 1.0) and its public keys, both remembered for a while.
 * Every call goes through the guarded client and follows no redirect: an issuer in a private network must be named by
 * EGRESS_ALLOW. Keys are asked for again, at most once a minute, when a token names one that is not known.
 */
import * as z from "zod";
import { breaker } from "../../breaker/breaker.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../clock.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { OutboundError, type OutboundRequest } from "../../http/outbound.ts";
import { IssuerKey } from "./signature.ts";

const DISCOVERY_TTL_MS = HOUR_MS;
const KEYS_TTL_MS = 10 * MINUTE_MS;
const KEYS_MIN_INTERVAL_MS = MINUTE_MS;
const CALL_TIMEOUT_MS = 10 * SECOND_MS;
/** Discovery documents and key sets have some 2 to 30 KiB. */
const MAX_BODY_BYTES = 256 * 1_024;

const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
});
export type Discovery = z.infer<typeof Discovery>;
const KeySet = z.object({ keys: z.array(z.unknown()) });

type Remembered<T> = { value: T; at: number };
type Memory = { discovery: Map<string, Remembered<Discovery>>; keys: Map<string, Remembered<IssuerKey[]>> };
const holder = globalThis as { seaworthyIssuer?: Memory };
const memory = (): Memory => (holder.seaworthyIssuer ??= { discovery: new Map(), keys: new Map() });

const AWAY = "The issuer did not answer as expected. Sign in with a password, or try again in a moment.";

/** An address that the egress policy refuses says nothing about the issuer. */
const isIssuerAway = (error: unknown) => !(error instanceof OutboundError && error.failure === "blocked");

/** One exchange with the issuer whose answer must be a JSON object. Throws `unavailable`; its cause says why. */
export async function callIssuer(ctx: Context, request: Pick<OutboundRequest, "url" | "method" | "headers" | "body">): Promise<{ status: number; body: Record<string, unknown> }> {
  const limits = { timeoutMs: CALL_TIMEOUT_MS, maxBodyBytes: MAX_BODY_BYTES, maxRedirects: 0, signal: ctx.signal };
  const answer = await breaker(`oidc:${new URL(request.url).host}`)
    .run(() => ctx.http.request({ ...request, headers: { accept: "application/json", ...request.headers }, ...limits }), isIssuerAway)
    .catch((error: unknown) => {
      if (error instanceof OutboundError) throw new AppError("unavailable", AWAY, { cause: error });
      throw error;
    });
  const body = z.record(z.string(), z.unknown()).safeParse(readJson(answer.body));
  if (answer.isTruncated || !body.success) throw new AppError("unavailable", AWAY, { cause: new Error(`${request.url} answered ${answer.status} without a JSON object`) });
  return { status: answer.status, body: body.data };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
  } catch {
    // Told to the caller as "no object".
    return null;
  }
}

const bare = (address: string) => address.replace(/\/$/, "");

/** The issuer's own description. Throws `unavailable` when it is away, speaks for another, or would leave https. */
export async function discover(ctx: Context, issuer: string): Promise<Discovery> {
  const known = memory().discovery.get(issuer);
  const now = ctx.now().getTime();
  if (known && now - known.at < DISCOVERY_TTL_MS) return known.value;
  const { body } = await callIssuer(ctx, { url: `${bare(issuer)}/.well-known/openid-configuration` });
  const parsed = Discovery.safeParse(body);
  if (!parsed.success || bare(parsed.data.issuer) !== bare(issuer)) throw new AppError("unavailable", AWAY, { cause: parsed.error ?? new Error("the document is of another issuer") });
  const { authorization_endpoint: authorize, token_endpoint: token, jwks_uri: keys, userinfo_endpoint: userinfo = keys } = parsed.data;
  const leaves = issuer.startsWith("https:") && [authorize, token, keys, userinfo].some((url) => !url.startsWith("https:"));
  if (leaves) throw new AppError("unavailable", AWAY, { cause: new Error("the document names an address without https") });
  memory().discovery.set(issuer, { value: parsed.data, at: now });
  return parsed.data;
}

/** The issuer's keys, from memory while fresh. `isMissing` asks again, but not more than once a minute. */
export async function issuerKeys(ctx: Context, url: string, isMissing = false): Promise<IssuerKey[]> {
  const known = memory().keys.get(url);
  const age = known ? ctx.now().getTime() - known.at : Infinity;
  if (known && age < (isMissing ? KEYS_MIN_INTERVAL_MS : KEYS_TTL_MS)) return known.value;
  const { body } = await callIssuer(ctx, { url });
  const parsed = KeySet.safeParse(body);
  if (!parsed.success) throw new AppError("unavailable", AWAY, { cause: parsed.error });
  const keys = parsed.data.keys.flatMap((key) => IssuerKey.safeParse(key).data ?? []);
  memory().keys.set(url, { value: keys, at: ctx.now().getTime() });
  return keys;
}
