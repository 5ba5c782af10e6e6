/** The gate: what coverage is held to, and what came of it. All levels and values are percent, all gaps points. */
import * as z from "zod";
import { FLAG_PATTERN, FLAG_PROBLEM } from "./flag.ts";
import { MeasureWord, type Measure } from "./measures.ts";

const percent = z.number().min(0).max(100);
export const Flag = z.string().trim().toLowerCase().regex(FLAG_PATTERN, FLAG_PROBLEM);

/** Under `block` the gate fails; under `warn` and under `target` it passes with a warning. */
export const Levels = z.object({ block: percent, warn: percent, target: percent }).refine((levels) => levels.block <= levels.warn && levels.warn <= levels.target, "Block must not be above warn, nor warn above target");
export type Levels = z.infer<typeof Levels>;

const MeasureLevels = z.object({ lines: Levels, branches: Levels, functions: Levels, statements: Levels });
const FlagLevels = z.object({ lines: Levels.optional(), branches: Levels.optional(), functions: Levels.optional(), statements: Levels.optional() });

const MOST_FLAGS = 50;
const MOST_FLOORS = 200;
const GLOB_MAX = 300;

/** Files that match `glob` must have at least `percent` of the measure. */
export const Floor = z.object({ glob: z.string().trim().min(1).max(GLOB_MAX), measure: MeasureWord, percent });
export type Floor = z.infer<typeof Floor>;

export const FAIL_BELOW = ["block", "warn", "target"] as const;

export const GatePolicy = z.object({
  levels: MeasureLevels,
  flags: z.record(Flag, FlagLevels).refine((flags) => Object.keys(flags).length <= MOST_FLAGS, "Too many flags").describe("Levels of a flag, where they differ."),
  floors: z.array(Floor).max(MOST_FLOORS).describe("Least coverage of single files; the last glob that matches a file decides."),
  maxDrop: percent.nullable().describe("Most points that lines may fall below the newest complete commit before; null to let it fall."),
  patch: Levels.nullable().describe("Levels for the lines that a change adds; null to leave them alone."),
  failBelow: z.enum(FAIL_BELOW).describe("The level below which the gate fails."),
  isInformational: z.boolean().describe("True to report and never to fail."),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

/** Block 70, warn 80, target 85; branches 70, 75, 80. */
const USUAL: Levels = { block: 70, warn: 80, target: 85 };
const USUAL_BRANCHES: Levels = { block: 70, warn: 75, target: 80 };
const INTEGRATION: Levels = { block: 60, warn: 65, target: 70 };

export const DEFAULT_GATE: GatePolicy = {
  levels: { lines: USUAL, branches: USUAL_BRANCHES, functions: USUAL, statements: USUAL },
  flags: { integration: { lines: INTEGRATION, branches: INTEGRATION, functions: INTEGRATION, statements: INTEGRATION } },
  floors: [],
  maxDrop: 1,
  patch: { block: 80, warn: 80, target: 80 },
  failBelow: "block",
  isInformational: false,
};

export const OUTCOMES = ["pass", "warn", "fail", "incomplete", "unknown"] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

export const FINDING_KINDS = ["level", "flag", "floor", "drop", "patch", "missing", "carried"] as const;
/** One thing the gate looked at. `gap` is value minus limit: negative is short of it. */
export const Finding = z.object({
  kind: z.enum(FINDING_KINDS),
  outcome: Outcome,
  measure: MeasureWord.nullable(),
  flag: z.string().nullable(),
  path: z.string().nullable(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  gap: z.number().nullable(),
  text: z.string().describe("One sentence for people."),
});
export type Finding = z.infer<typeof Finding>;

export const Verdict = z.object({
  outcome: Outcome,
  findings: z.array(Finding),
  noise: z.number().describe("Points by which coverage is known to move by itself; smaller falls and gaps do not fail."),
});
export type Verdict = z.infer<typeof Verdict>;

/** The levels of a measure, for a flag or overall. */
export function levelsOf(policy: GatePolicy, measure: Measure, flag: string | null = null): Levels {
  return (flag === null ? undefined : policy.flags[flag]?.[measure]) ?? policy.levels[measure];
}

/** True when a build may go on. */
export const isPassing = (outcome: Outcome): boolean => outcome === "pass" || outcome === "warn";

