/**
 * How many calls each tier allows a caller: figures from the environment, over them what an Admin changed, over that
 * what one caller was given. Several windows may apply to a call; the tightest wins.
 */
import { HOUR_MS, MINUTE_MS } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Policy } from "./policy.ts";
import { WINDOW_NAMES, type Tier, type WindowName } from "./tiers.ts";

/** At most `max` calls in any `windowMs`. `name` keeps the windows' counts apart. */
export type Window = { name: WindowName; max: number; windowMs: number };

/** Whose calls a window counts. */
export type Audience = "anonymous" | "signedIn" | "everybody";

export type LimitConfig = Pick<
  Config,
  "RATE_LIMIT_WINDOW_MS" | "RATE_LIMIT_MAX_REQUESTS" | "RATE_LIMIT_MAX_AUTHENTICATED" | "RATE_LIMIT_BURST_PER_MINUTE" | "AUTH_RATE_LIMIT_MAX" | "WRITE_RATE_LIMIT_MAX" | "PAGE_RATE_LIMIT_MAX" | "ASSET_RATE_LIMIT_MAX"
>;

type Source = { tier: Tier; audience: Audience; max: keyof LimitConfig | number; windowMs: keyof LimitConfig | number };

/** Failed sign-ins are forgotten after a quarter of an hour. */
export const AUTH_WINDOW_MS = 15 * MINUTE_MS;
/** Uploads are parsed and stored, so they get two narrow windows. */
const UPLOADS_PER_MINUTE = 5;
const UPLOADS_PER_HOUR = 10;
const STATUS_PER_MINUTE = 100;
/** Ten a second: far above any probe's interval, far below harm. */
const PROBES_PER_MINUTE = 600;

const general = (tier: Tier): Source => ({ tier, audience: "anonymous", max: "RATE_LIMIT_MAX_REQUESTS", windowMs: "RATE_LIMIT_WINDOW_MS" });
const burst = (tier: Tier): Source => ({ tier, audience: "anonymous", max: "RATE_LIMIT_BURST_PER_MINUTE", windowMs: MINUTE_MS });
const user = (tier: Tier): Source => ({ tier, audience: "signedIn", max: "RATE_LIMIT_MAX_AUTHENTICATED", windowMs: "RATE_LIMIT_WINDOW_MS" });
const everybody = (tier: Tier, max: Source["max"], windowMs: number): Source => ({ tier, audience: "everybody", max, windowMs });

const SOURCES: Record<WindowName, Source> = {
  api: general("api"),
  "api-burst": burst("api"),
  "api-user": user("api"),
  read: general("read"),
  "read-burst": burst("read"),
  "read-user": user("read"),
  write: everybody("write", "WRITE_RATE_LIMIT_MAX", MINUTE_MS),
  auth: everybody("auth", "AUTH_RATE_LIMIT_MAX", AUTH_WINDOW_MS),
  upload: everybody("upload", UPLOADS_PER_MINUTE, MINUTE_MS),
  "upload-hour": everybody("upload", UPLOADS_PER_HOUR, HOUR_MS),
  status: everybody("status", STATUS_PER_MINUTE, MINUTE_MS),
  probe: everybody("probe", PROBES_PER_MINUTE, MINUTE_MS),
  page: everybody("page", "PAGE_RATE_LIMIT_MAX", MINUTE_MS),
  asset: everybody("asset", "ASSET_RATE_LIMIT_MAX", MINUTE_MS),
};

const figure = (limits: LimitConfig, of: keyof LimitConfig | number): number => (typeof of === "number" ? of : limits[of]);

/** A window as the environment sets it. */
export type DefaultWindow = Window & { tier: Tier; audience: Audience; variable: keyof LimitConfig | null };

/** Every window with the environment's figures and the variable that sets them, if there is one. */
export function defaultWindows(limits: LimitConfig): DefaultWindow[] {
  return WINDOW_NAMES.map((name) => {
    const { tier, audience, max, windowMs } = SOURCES[name];
    return { name, tier, audience, max: figure(limits, max), windowMs: figure(limits, windowMs), variable: typeof max === "number" ? null : max };
  });
}

/** What decides about the windows of a call. */
export type Charged = { tier: Tier; caller: string; isSignedIn: boolean };

/** Finds the windows of a call; remembers the answers for as long as neither environment nor policy changes. */
export function windowFinder(limits: LimitConfig): (charged: Charged, policy: Policy) => readonly Window[] {
  const defaults = defaultWindows(limits);
  let knownPolicy: Policy | null = null;
  let known = new Map<string, readonly Window[]>();
  const select = (tier: Tier, isSignedIn: boolean, policy: Policy): readonly Window[] =>
    defaults
      .filter((window) => window.tier === tier && (window.audience === "everybody" || (window.audience === "signedIn") === isSignedIn))
      .map(({ name, max, windowMs }) => ({ name, max: policy.max.get(name) ?? max, windowMs }));
  return ({ tier, caller, isSignedIn }, policy) => {
    if (policy !== knownPolicy) {
      knownPolicy = policy;
      known = new Map();
    }
    const own = policy.overrides.get(caller);
    const key = isSignedIn ? `${tier}+` : tier;
    const windows = known.get(key) ?? select(tier, isSignedIn, policy);
    known.set(key, windows);
    return own ? windows.map((window) => ({ ...window, max: own.get(window.name) ?? window.max })) : windows;
  };
}
