/** How many calls each tier allows, per caller, from the environment. Several windows may apply; the tightest wins. */
import { HOUR_MS, MINUTE_MS } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Tier } from "./tiers.ts";

/** At most `max` calls in any `windowMs`. `name` keeps the windows' counts apart. */
export type Window = { name: string; max: number; windowMs: number };

export type LimitConfig = Pick<
  Config,
  "RATE_LIMIT_WINDOW_MS" | "RATE_LIMIT_MAX_REQUESTS" | "RATE_LIMIT_MAX_AUTHENTICATED" | "RATE_LIMIT_BURST_PER_MINUTE" | "AUTH_RATE_LIMIT_MAX" | "WRITE_RATE_LIMIT_MAX"
>;

/** Failed sign-ins are forgotten after a quarter of an hour. */
const AUTH_WINDOW_MS = 15 * MINUTE_MS;
/** Uploads are parsed and stored, so they get two narrow windows. */
const UPLOADS_PER_MINUTE = 5;
const UPLOADS_PER_HOUR = 10;
const STATUS_PER_MINUTE = 100;
/** Ten a second: far above any probe's interval, far below harm. */
const PROBES_PER_MINUTE = 600;

/** The windows of a tier for a caller who is, or is not, signed in. */
export function windowsOf(tier: Tier, limits: LimitConfig, isSignedIn: boolean): Window[] {
  switch (tier) {
    case "api":
    case "read": {
      if (isSignedIn) return [{ name: `${tier}-user`, max: limits.RATE_LIMIT_MAX_AUTHENTICATED, windowMs: limits.RATE_LIMIT_WINDOW_MS }];
      return [
        { name: tier, max: limits.RATE_LIMIT_MAX_REQUESTS, windowMs: limits.RATE_LIMIT_WINDOW_MS },
        { name: `${tier}-burst`, max: limits.RATE_LIMIT_BURST_PER_MINUTE, windowMs: MINUTE_MS },
      ];
    }
    case "write":
      return [{ name: "write", max: limits.WRITE_RATE_LIMIT_MAX, windowMs: MINUTE_MS }];
    case "auth":
      return [{ name: "auth", max: limits.AUTH_RATE_LIMIT_MAX, windowMs: AUTH_WINDOW_MS }];
    case "upload":
      return [
        { name: "upload", max: UPLOADS_PER_MINUTE, windowMs: MINUTE_MS },
        { name: "upload-hour", max: UPLOADS_PER_HOUR, windowMs: HOUR_MS },
      ];
    case "status":
      return [{ name: "status", max: STATUS_PER_MINUTE, windowMs: MINUTE_MS }];
    case "probe":
      return [{ name: "probe", max: PROBES_PER_MINUTE, windowMs: MINUTE_MS }];
    default:
      return tier satisfies never;
  }
}
