/** Charges a request for a page, a file, a document or a probe: only the address is known, and nothing is thrown. */
import { database } from "../db.ts";
import { limitKey } from "../edge/address.ts";
import { instruments } from "../metrics/registry.ts";
import { writeLimitHeaders } from "./charge.ts";
import { limiter } from "./limiter.ts";
import { currentPolicy } from "./policy.ts";
import { REFUSAL, type Tier } from "./tiers.ts";
import { usage } from "./usage.ts";

export type RouteCharge = { headers: Headers; refusal: null | { text: string; retryAfterSeconds: number } };

/** `isAlone`: counted by this process alone, so that an answer never waits for a shared store. */
export type ChargedRoute = { tier: Tier; address: string; isAlone?: boolean };

/** Counts the request and says with which headers it is answered, and whether it is refused. */
export async function chargeRoute({ tier, address, isAlone = false }: ChargedRoute): Promise<RouteCharge> {
  const db = database().client;
  const policy = currentPolicy(db);
  const wanted = { tier, caller: limitKey(address), isSignedIn: false };
  const decision = await limiter().charge(wanted, { policy, isAlone });
  usage().note(wanted, decision, db);
  const headers = new Headers();
  writeLimitHeaders(headers, decision, policy.headers);
  if (decision.isAllowed) return { headers, refusal: null };
  instruments().limited.inc({ tier });
  return { headers, refusal: { text: REFUSAL[tier], retryAfterSeconds: decision.resetSeconds } };
}
