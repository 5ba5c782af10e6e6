/**
 * Charges calls against tiers and tells the caller how it stands. Callers are counted by who they are: user, else API
 * key, else address. The auth tier counts failures only, by address, and refuses before any work.
 */
import { limitKey } from "../edge/address.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { instruments } from "../metrics/registry.ts";
import { limiter, type Decision } from "./limiter.ts";
import { REFUSAL, type Tier } from "./tiers.ts";

/** The caller as limits count it. */
export function callerKey(ctx: Pick<Context, "actor" | "clientAddress">): string {
  const { actor } = ctx;
  if (actor.kind === "user" || actor.kind === "apiKey") return actor.id;
  return addressKey(ctx);
}

const addressKey = (ctx: Pick<Context, "clientAddress">): string => (ctx.clientAddress ? limitKey(ctx.clientAddress) : "unknown");

/** Standard and older header names with the same values; in a batch the tightest call speaks. */
export function writeLimitHeaders(headers: Headers | undefined, decision: Decision): void {
  if (!headers) return;
  const known = headers.get("ratelimit-remaining");
  if (decision.isAllowed && known !== null && Number(known) <= decision.remaining) return;
  const values = { Limit: decision.limit, Remaining: decision.remaining, Reset: decision.resetSeconds };
  for (const [name, value] of Object.entries(values)) {
    headers.set(`RateLimit-${name}`, String(value));
    headers.set(`X-RateLimit-${name}`, String(value));
  }
  headers.set("RateLimit-Policy", `${decision.limit};w=${decision.windowSeconds}`);
  if (!decision.isAllowed) headers.set("Retry-After", String(decision.resetSeconds));
}

function settle(ctx: Context, tier: Tier, decision: Decision): void {
  writeLimitHeaders(ctx.request?.responseHeaders, decision);
  refuseUnless(tier, decision);
}

function refuseUnless(tier: Tier, decision: Decision): void {
  if (decision.isAllowed) return;
  instruments().limited.inc({ tier });
  throw new AppError("limit", REFUSAL[tier], { detail: { retryAfterSeconds: decision.resetSeconds } });
}

/**
 * Charges one call against `tier` and writes the limit headers. Throws AppError `limit` when it is used up. The auth
 * tier is only asked here, never charged: see `chargeFailure`. Work of the system itself is not limited.
 */
export async function chargeLimit(ctx: Context, tier: Tier): Promise<void> {
  if (ctx.actor.kind === "system") return;
  if (tier === "auth") return assertNotBlocked(ctx);
  const isSignedIn = ctx.actor.kind !== "anonymous";
  settle(ctx, tier, await limiter().charge({ tier, caller: callerKey(ctx), isSignedIn }));
}

/**
 * Charges an address for a request that has no caller: a probe, or an API key that does not work. Throws AppError
 * `limit` when it is used up.
 */
export async function chargeAddress(clientAddress: string | null, tier: Extract<Tier, "api" | "probe">): Promise<void> {
  refuseUnless(tier, await limiter().charge({ tier, caller: addressKey({ clientAddress }), isSignedIn: false }));
}

const authCharge = (ctx: Context) => ({ tier: "auth" as const, caller: addressKey(ctx), isSignedIn: false });

/** Throws AppError `limit` when the caller's address failed too often. */
export async function assertNotBlocked(ctx: Context): Promise<void> {
  settle(ctx, "auth", await limiter().peek(authCharge(ctx)));
}

/**
 * Charges the caller's address with one failed sign-in. Charge before the secret is compared and call `forgiveFailure`
 * when it was right, so that attempts sent at the same time cannot all slip through. Throws AppError `limit` when no
 * attempt is left; else says how many attempts are left after this one.
 */
export async function chargeFailure(ctx: Context): Promise<{ remaining: number }> {
  const decision = await limiter().charge(authCharge(ctx));
  settle(ctx, "auth", decision);
  return { remaining: decision.remaining };
}

/** Takes back a failure that was charged in advance: the secret was right. */
export async function forgiveFailure(ctx: Context): Promise<void> {
  await limiter().charge(authCharge(ctx), -1);
}
