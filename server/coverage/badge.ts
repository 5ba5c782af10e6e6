/** The endpoint document of a badge at shields.io. */
import { inPercent } from "./points.ts";
import { levelsOf, type Badge, type GatePolicy, type Measure } from "./schema/index.ts";

export type BadgeFacts = { measure: Measure; flag: string | null; value: number | null; gate: GatePolicy };

/** Colours by level; grey when nothing is known. */
export function badgeOf({ measure, flag, value, gate }: BadgeFacts): Badge {
  const label = flag ? `${flag} coverage` : measure === "lines" ? "coverage" : `${measure} covered`;
  if (value === null) return { schemaVersion: 1, label, message: "unknown", color: "lightgrey" };
  const levels = levelsOf(gate, measure, flag);
  const color = value >= levels.target ? "brightgreen" : value >= levels.warn ? "yellowgreen" : value >= levels.block ? "yellow" : "red";
  return { schemaVersion: 1, label, message: inPercent(value), color };
}
