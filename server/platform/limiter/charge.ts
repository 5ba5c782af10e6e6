/**
 * Charges calls against tiers and tells the caller how it stands. Callers are counted by who they are: user, else API
 * key, else address. The auth tier counts failures only, by address, and refuses before any work.
 */
import { limitKey } from "../edge/address.ts";
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { announce } from "../live/announce.ts";
import { instruments } from "../metrics/registry.ts";
import { chargeAccount, chargeAttempt, forgiveAccount, forgiveAttempt, peekAttempt, type Attempt } from "./attempts.ts";
import { chargeDatabase } from "./database-counter.ts";
import { waitInLine } from "./delay.ts";
import { limiter, type Decision } from "./limiter.ts";
import { currentPolicy, type HeaderFamilies } from "./policy.ts";
import { REFUSAL, type Tier } from "./tiers.ts";
import { usage } from "./usage.ts";
import { AUTH_WINDOW_MS } from "./windows.ts";

const MS_PER_SECOND = 1_000;
const SIGN_IN_AWAY = "Sign-in attempts cannot be counted while the database is away, so none are accepted. Try again in a moment.";

/** The caller as limits count it. */
export function callerKey(ctx: Pick<Context, "actor" | "clientAddress">): string {
  const { actor } = ctx;
  if (actor.kind === "user" || actor.kind === "apiKey") return actor.id;
  return addressKey(ctx);
}

const addressKey = (ctx: Pick<Context, "clientAddress">): string => (ctx.clientAddress ? limitKey(ctx.clientAddress) : "unknown");

/** Standard and older header names with the same values; in a batch the tightest call speaks. */
export function writeLimitHeaders(headers: Headers | undefined, decision: Decision, families: HeaderFamilies = "both"): void {
  if (!headers) return;
  const known = headers.get("ratelimit-remaining") ?? headers.get("x-ratelimit-remaining");
  if (decision.isAllowed && known !== null && Number(known) <= decision.remaining) return;
  const values = { Limit: decision.limit, Remaining: decision.remaining, Reset: decision.resetSeconds };
  for (const [name, value] of Object.entries(values)) {
    if (families !== "legacy") headers.set(`RateLimit-${name}`, String(value));
    if (families !== "standard") headers.set(`X-RateLimit-${name}`, String(value));
  }
  if (families !== "legacy") headers.set("RateLimit-Policy", `${decision.limit};w=${decision.windowSeconds}`);
  if (!decision.isAllowed) headers.set("Retry-After", String(decision.resetSeconds));
}

function settle(ctx: Context, tier: Tier, decision: Decision): void {
  writeLimitHeaders(ctx.request?.responseHeaders, decision, currentPolicy().headers);
  refuseUnless(tier, decision);
}

function refuseUnless(tier: Tier, decision: Decision): void {
  if (decision.isAllowed) return;
  instruments().limited.inc({ tier });
  throw new AppError("limit", REFUSAL[tier], { detail: { retryAfterSeconds: decision.resetSeconds } });
}

/** A call that is charged. Destructive ones are never counted by one process alone while the shared store is away. */
export type Charging = { tier: Tier; isDestructive?: boolean };

/**
 * Charges one call against a tier and writes the limit headers. Throws AppError `limit` when it is used up. The auth
 * tier is only asked here, never charged: see `chargeFailure`. Work of the system itself is not limited, exempt keys
 * are counted and never refused.
 */
export async function chargeLimit(ctx: Context, { tier, isDestructive = false }: Charging): Promise<void> {
  if (ctx.actor.kind === "system") return;
  if (tier === "auth") return assertNotBlocked(ctx);
  const policy = currentPolicy(ctx.db);
  const caller = callerKey(ctx);
  const wanted = { tier, caller, isSignedIn: ctx.actor.kind !== "anonymous" };
  if (policy.exempt.has(caller)) {
    usage().note(wanted, { isAllowed: true, limit: 1, remaining: 1 }, ctx.db);
    return;
  }
  const otherwise = isDestructive ? (windows: Parameters<typeof chargeDatabase>[1]) => chargeDatabase(ctx.db, windows, caller) : undefined;
  const decision = await limiter().charge(wanted, { policy, otherwise });
  usage().note(wanted, decision, ctx.db);
  settle(ctx, tier, decision);
}

/**
 * Charges an address for a request that has no caller: an address that does not exist, or an API key that does not work.
 * The limit headers go into `headers`. Throws AppError `limit` when it is used up.
 */
export async function chargeAddress(clientAddress: string | null, headers?: Headers): Promise<void> {
  const wanted = { tier: "api", caller: addressKey({ clientAddress }), isSignedIn: false } as const;
  const decision = await limiter().charge(wanted, { policy: currentPolicy() });
  usage().note(wanted, decision);
  writeLimitHeaders(headers, decision, currentPolicy().headers);
  refuseUnless(wanted.tier, decision);
}

const attemptsAllowed = (ctx: Context): number => currentPolicy(ctx.db).max.get("auth") ?? config().AUTH_RATE_LIMIT_MAX;

const decisionOf = (attempt: Attempt, limit: number): Decision => ({ ...attempt, limit, windowSeconds: AUTH_WINDOW_MS / MS_PER_SECOND });

async function counted<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new AppError("unavailable", SIGN_IN_AWAY, { cause: error });
  });
}

/** Throws AppError `limit` when the caller's address is blocked or failed too often, `unavailable` when that cannot be known. */
export async function assertNotBlocked(ctx: Context): Promise<void> {
  const max = attemptsAllowed(ctx);
  settle(ctx, "auth", decisionOf(await counted(peekAttempt(ctx.db, addressKey(ctx), max)), max));
}

/** What an attempt is on, when it names an account. */
export type AttemptOn = { account?: string };

/**
 * Charges the caller's address with one failed sign-in. Charge before the secret is compared and call `forgiveFailure`
 * when it was right, so that attempts sent at the same time cannot all slip through. An account with many failures
 * makes its attempts wait, from whatever address they come, and is never locked. Throws AppError `limit` when no
 * attempt is left, `unavailable` when it cannot be counted; else says how many are left after this one.
 */
export async function chargeFailure(ctx: Context, on: AttemptOn = {}): Promise<{ remaining: number }> {
  const max = attemptsAllowed(ctx);
  const caller = addressKey(ctx);
  const attempt = await counted(chargeAttempt(ctx.db, caller, max));
  usage().note({ tier: "auth", caller }, { ...attempt, limit: max }, ctx.db);
  settle(ctx, "auth", decisionOf(attempt, max));
  if (attempt.remaining === 0) await announce(ctx, { topic: "limits" });
  const delayMs = on.account === undefined ? 0 : await counted(chargeAccount(ctx.db, on.account));
  if (!(await waitInLine(delayMs))) {
    throw new AppError("limit", REFUSAL.auth, { detail: { retryAfterSeconds: Math.ceil(delayMs / MS_PER_SECOND) } });
  }
  return { remaining: attempt.remaining };
}

/** Takes back a failure that was charged in advance: the secret was right. */
export async function forgiveFailure(ctx: Context, on: AttemptOn = {}): Promise<void> {
  await forgiveAttempt(ctx.db, addressKey(ctx), attemptsAllowed(ctx));
  if (on.account !== undefined) await forgiveAccount(ctx.db, on.account);
}

/**
 * Runs a check that may refuse a call. A refusal is charged to the caller's tier `api`, so that nobody who may not call
 * can ask without end. Throws what the check throws, or AppError `limit`.
 */
export async function chargeRefusals(ctx: Context, check: () => void): Promise<void> {
  try {
    check();
  } catch (error) {
    await chargeLimit(ctx, { tier: "api" });
    throw error;
  }
}
