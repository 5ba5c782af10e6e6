/**
 * Limit tiers. Each procedure names one and each path has one (edge/route-tiers.ts); a tier may have several windows and the tightest wins. Health and
 * metrics have a generous tier of their own so that probes never fail. Each tier has its own words of refusal.
 */

export const TIERS = ["api", "read", "write", "auth", "upload", "status", "probe", "page", "asset"] as const;
export type Tier = (typeof TIERS)[number];

/** Every window of every tier; `windows.ts` gives them their figures. */
export const WINDOW_NAMES = ["api", "api-burst", "api-user", "read", "read-burst", "read-user", "write", "auth", "upload", "upload-hour", "status", "probe", "page", "asset"] as const;
export type WindowName = (typeof WINDOW_NAMES)[number];

/** What a refused caller reads, by tier. */
export const REFUSAL: Record<Tier, string> = {
  api: "Too many requests from this address. Wait, then try again.",
  read: "Too many reads for this caller. Wait, then try again.",
  write: "Too many changes for this caller. Wait, then try again.",
  auth: "Too many sign-in attempts. Wait, then try again.",
  upload: "Too many uploads for this caller. Wait, then try again.",
  status: "Too many status requests. Wait, then try again.",
  probe: "Too many probe requests. Wait, then try again.",
  page: "Too many pages for this address. Wait, then reload.",
  asset: "Too many files for this address. Wait, then reload.",
};
