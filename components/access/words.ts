/** How the module's words are written on screen. */
import type { State } from "../data/status.tsx";

export const ROLE_WORDS = { admin: "Admin", editor: "Editor", viewer: "Viewer" } as const;
export type RoleName = keyof typeof ROLE_WORDS;

export const ROLE_CHOICES: readonly { value: RoleName; label: string; about: string }[] = [
  { value: "viewer", label: "Viewer", about: "Sees everything but people and audit, changes nothing." },
  { value: "editor", label: "Editor", about: "Also adds and changes services, checks and jobs." },
  { value: "admin", label: "Admin", about: "Also manages people, settings and the audit trail." },
];

export const KEY_STATES: Record<"active" | "expired" | "revoked" | "ownerDisabled", { word: string; state: State }> = {
  active: { word: "Active", state: "ok" },
  expired: { word: "Expired", state: "unknown" },
  revoked: { word: "Revoked", state: "unknown" },
  ownerDisabled: { word: "Owner disabled", state: "blocked" },
};

export const SIGNED_IN_BY = { password: "Password", "password and code": "Password and code", "single sign-on": "Single sign-on" } as const;

/** What became of a link that goes by mail. */
export const LINK_MAIL: Record<"queued" | "sent" | "failed", { word: string; state: State }> = {
  queued: { word: "On its way", state: "unknown" },
  sent: { word: "Taken by the mail server", state: "ok" },
  failed: { word: "Not sent", state: "fail" },
};

/** Who must have a second factor. */
export const NEEDED_BY: readonly { value: "nobody" | "admins" | "everybody"; label: string; about: string }[] = [
  { value: "nobody", label: "Nobody", about: "Each person decides for themselves." },
  { value: "admins", label: "Administrators", about: "An administrator without one can only set it up." },
  { value: "everybody", label: "Everybody", about: "Whoever has none can only set it up." },
];

/** How an account stands. */
export function userState(user: { disabledAt: Date | null; isInvited: boolean }): { word: string; state: State } {
  if (user.disabledAt) return { word: "Disabled", state: "unknown" };
  return user.isInvited ? { word: "Invited", state: "stale" } : { word: "Enabled", state: "ok" };
}

/** "Firefox on Linux" from a user agent, its start when it is no browser that we know. */
export function browserOf(userAgent: string | null): string {
  if (!userAgent) return "Unknown browser";
  const browsers: [RegExp, string][] = [[/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"]];
  const systems: [RegExp, string][] = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Mac OS X/, "macOS"], [/Windows/, "Windows"], [/Linux/, "Linux"]];
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (!browser) return userAgent.slice(0, 40);
  return system ? `${browser} on ${system}` : browser;
}
