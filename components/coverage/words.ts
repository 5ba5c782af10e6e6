/** Coverage in words: percentages are cut, never rounded up, and gaps are points. */
import type { GatePolicy, Measure, Outcome } from "../../server/coverage/schema/index.ts";
import type { State } from "../data/status.tsx";

export const ORDER: readonly Measure[] = ["lines", "branches", "functions", "statements"];
export const MEASURE_WORDS: Record<Measure, string> = { lines: "Lines", branches: "Branches", functions: "Functions", statements: "Statements" };

export const OUTCOME_STATES: Record<Outcome, State> = { pass: "ok", warn: "warn", fail: "fail", incomplete: "stale", unknown: "unknown" };
export const OUTCOME_WORDS: Record<Outcome, string> = { pass: "Passes", warn: "Passes, warning", fail: "Fails", incomplete: "Incomplete", unknown: "No report" };

export const FORMAT_WORDS: Record<string, string> = { lcov: "LCOV", cobertura: "Cobertura", clover: "Clover", jacoco: "JaCoCo", "istanbul-final": "Istanbul", "istanbul-summary": "Istanbul summary", go: "Go" };

const EPSILON = 1e-9;

/** 84.97 → "84.9 %": a level is reached only when it is. */
export function formatCovered(value: number | null): string {
  return value === null ? "–" : `${coveredFigure(value)} %`;
}

/** The same without its unit, where there is no room and a legend names it. */
export function coveredFigure(value: number): string {
  return (Math.floor(value * 10 + EPSILON) / 10).toFixed(1);
}

/** 3.21 → "3.3 points": what is missing is never understated. */
export function formatPoints(points: number): string {
  const tenths = Math.ceil(Math.abs(points) * 10 - EPSILON) / 10;
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)} ${tenths === 1 ? "point" : "points"}`;
}

/** "+4.4", "−0.3", "0.0". */
export function formatDelta(points: number): string {
  const text = Math.abs(points).toFixed(1);
  if (text === "0.0") return text;
  return `${points < 0 ? "−" : "+"}${text}`;
}

export const shortCommit = (commit: string): string => commit.slice(0, 7);

/** Where a value stands against its levels. */
export function stateOf(value: number | null, levels: GatePolicy["levels"]["lines"]): State {
  if (value === null) return "unknown";
  if (value + EPSILON >= levels.target) return "ok";
  return value + EPSILON >= levels.block ? "warn" : "fail";
}
