/** How answers, levels and changes are said and shown. Pure. */
import type { ChangeRow, Level, Line, Outcome } from "../../server/readiness/schema/index.ts";
import { formatNumber } from "../data/format.ts";
import type { State } from "../data/status.tsx";

export const OUTCOME_TONES: Record<Outcome, State> = { pass: "ok", fail: "fail", unknown: "unknown", stale: "stale" };
export const OUTCOME_WORDS: Record<Outcome, string> = { pass: "Pass", fail: "Fail", unknown: "Unknown", stale: "Stale" };
export const LEVEL_WORDS: Record<Level, string> = { none: "No level", bronze: "Bronze", silver: "Silver", gold: "Gold" };

/** Points of 100 with at most one decimal: "3.4". */
export const pointsOf = (points: number): string => formatNumber(points, 1);

/** A gain or loss with its sign: "+2.4", "−4". */
export const shiftOf = (points: number): string => (Math.round(points * 10) === 0 ? "±0" : `${points > 0 ? "+" : "−"}${formatNumber(Math.abs(points), 1)}`);

/** What happened to a rule, in a few words. */
export function changeWords(change: Pick<ChangeRow, "title" | "from" | "to" | "why">): string {
  return change.why ? `${change.title}: ${change.why}` : change.title;
}

/** True for a rule that holds the service below the cap. */
export const isHeldBack = (line: Line): boolean => line.isBlocking && !line.isWaived && (line.outcome === "fail" || line.outcome === "unknown");
