/** What tiers, windows and audiences are called on screen. */
import type { Consumer, Summary, Window, WindowName } from "../../server/limits/schema.ts";

export const WINDOW_LABELS: Record<WindowName, string> = {
  api: "API, anonymous",
  "api-burst": "API, anonymous burst",
  "api-user": "API, signed in",
  read: "Reads, anonymous",
  "read-burst": "Reads, anonymous burst",
  "read-user": "Reads, signed in",
  write: "Changes",
  auth: "Failed sign-ins",
  upload: "Uploads",
  "upload-hour": "Uploads, long",
  status: "Status checks",
  probe: "Probes",
  page: "Pages",
  asset: "Files",
};

export const AUDIENCES: Record<Window["audience"], string> = { anonymous: "per address", signedIn: "per user or key", everybody: "per caller" };

const MINUTE = 60;
const HOUR = 3_600;

/** 60 → "min", 900 → "15 min", 3600 → "h". */
export function perWords(seconds: number): string {
  if (seconds % HOUR === 0) return seconds === HOUR ? "h" : `${seconds / HOUR} h`;
  if (seconds % MINUTE === 0) return seconds === MINUTE ? "min" : `${seconds / MINUTE} min`;
  return `${seconds} s`;
}

export const SOURCES: Record<Window["source"], string> = { default: "default", environment: "environment", setting: "changed here" };

export const STORES: Record<Summary["store"], string> = { process: "Own limiter", shared: "Shared over Redis", "shared-away": "Redis is away, each process counts alone" };

/** How near a caller came: its state, and the words beside the bar. */
export function nearness({ peak, isBlocked, refused }: Pick<Consumer, "peak" | "isBlocked" | "refused">): { state?: "warn" | "fail"; words: string } {
  if (isBlocked) return { state: "fail", words: "blocked" };
  if (refused > 0) return { state: "fail", words: "refused" };
  return peak >= 80 ? { state: "warn", words: `${peak} %` } : { words: `${peak} %` };
}
