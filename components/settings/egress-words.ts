/** What the guard's verdicts are called and which tone they have. Pure. */
import type { TestedAddress } from "../../server/settings/schema.ts";
import type { State } from "../data/status.tsx";

export const VERDICTS: Record<TestedAddress["verdict"], { word: string; state: State }> = {
  allowed: { word: "May be called", state: "ok" },
  blocked: { word: "Blocked", state: "fail" },
  unresolved: { word: "Leads nowhere", state: "unknown" },
  unreadable: { word: "Not an address", state: "unknown" },
};

/** One entry a line, or several with commas or spaces between; empty ones do not count. */
export function readEntries(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}
