/**
 * The gate as a pure function: facts and policy in, verdict out. Every finding says what was compared, by how many points
 * it misses or holds, and in words. A missing upload makes the verdict incomplete, and then nothing is said to have fallen.
 */
import { EPSILON, gapOf, inPercent, inPoints } from "../points.ts";
import { levelsOf, MEASURES, percentOf, type Completeness, type Count, type Finding, type GatePolicy, type Levels, type Measure, type Outcome, type Totals, type Verdict } from "../schema/index.ts";
import type { Below } from "./floors.ts";

export type GateFacts = {
  totals: Totals;
  /** Totals of each flag that was uploaded for this commit. */
  flags: { flag: string; totals: Totals }[];
  completeness: Completeness;
  below: readonly Below[];
  patch: Count | null;
  /** Lines of the newest complete commit before; null when there is none. */
  before: { commit: string; lines: number } | null;
  /** Points by which coverage moves by itself. */
  noise: number;
};

/** Findings of floors named one by one; the rest are counted in the last. */
const MOST_FLOOR_FINDINGS = 20;

const NAMES: Record<Measure, string> = { lines: "Lines", branches: "Branches", functions: "Functions", statements: "Statements" };

function outcomeAt(value: number, levels: Levels, policy: GatePolicy): Outcome {
  if (value + EPSILON < levels[policy.failBelow]) return "fail";
  return value + EPSILON < levels.target ? "warn" : "pass";
}

/** The level that a value is measured against in words: the one it breaks, else the target. */
function limitAt(value: number, levels: Levels, policy: GatePolicy): { name: string; percent: number } {
  if (value + EPSILON < levels[policy.failBelow]) return { name: policy.failBelow, percent: levels[policy.failBelow] };
  return { name: "target", percent: levels.target };
}

type Levelled = { kind: "level" | "flag" | "patch"; label: string; value: number; levels: Levels; measure: Measure | null; flag: string | null };

function levelFinding({ kind, label, value, levels, measure, flag }: Levelled, policy: GatePolicy, noise: number): Finding {
  const raw = outcomeAt(value, levels, policy);
  const limit = limitAt(value, levels, policy);
  const gap = gapOf(value, limit.percent);
  const isNoise = raw === "fail" && kind !== "patch" && -gap <= noise;
  const outcome = isNoise ? "warn" : raw;
  const verb = kind === "patch" ? "is" : "are";
  const how = gap + EPSILON < 0 ? `${inPoints(-gap)} under ${limit.name} ${limit.percent}` : `${inPoints(gap)} over ${limit.name} ${limit.percent}`;
  const text = `${label} ${verb} ${inPercent(value)}, ${how}${isNoise ? `, within the ${inPoints(noise)} by which it moves by itself` : ""}.`;
  return { kind, outcome, measure, flag, path: null, value, limit: limit.percent, gap, text };
}

function levelFindings(facts: GateFacts, policy: GatePolicy): Finding[] {
  return MEASURES.flatMap((measure) => {
    const value = percentOf(facts.totals[measure]);
    if (value === null) return [];
    return [levelFinding({ kind: "level", label: NAMES[measure], value, levels: levelsOf(policy, measure), measure, flag: null }, policy, facts.noise)];
  });
}

/** A flag is judged only where it has levels of its own. */
function flagFindings(facts: GateFacts, policy: GatePolicy): Finding[] {
  return facts.flags.flatMap(({ flag, totals }) =>
    MEASURES.flatMap((measure) => {
      const value = percentOf(totals[measure]);
      const levels = policy.flags[flag]?.[measure];
      if (value === null || !levels) return [];
      return [levelFinding({ kind: "flag", label: `${NAMES[measure]} of ${flag}`, value, levels, measure, flag }, policy, facts.noise)];
    }),
  );
}

function floorFindings({ below }: GateFacts): Finding[] {
  const named = below.slice(0, MOST_FLOOR_FINDINGS).map(({ path, floor, value }): Finding => {
    const gap = gapOf(value, floor.percent);
    return { kind: "floor", outcome: "fail", measure: floor.measure, flag: null, path, value, limit: floor.percent, gap, text: `${path} has ${inPercent(value)} of its ${floor.measure}, ${inPoints(-gap)} under its floor of ${floor.percent} %.` };
  });
  const more = below.length - named.length;
  if (more <= 0) return named;
  return [...named, { kind: "floor", outcome: "fail", measure: null, flag: null, path: null, value: null, limit: null, gap: null, text: `${more} more files are under their floor.` }];
}

function dropFinding(facts: GateFacts, policy: GatePolicy): Finding[] {
  const now = percentOf(facts.totals.lines);
  if (policy.maxDrop === null || facts.before === null || now === null || facts.completeness.missing.length > 0) return [];
  const drop = Math.max(0, facts.before.lines - now);
  const limit = policy.maxDrop;
  const isTooFar = drop > limit + facts.noise + EPSILON;
  const since = facts.before.commit.slice(0, 7);
  const text = drop > EPSILON ? `Lines fell ${inPoints(drop)} since ${since}; ${isTooFar ? `at most ${inPoints(limit)} may be lost` : "that is allowed"}.` : `Lines did not fall since ${since}.`;
  return [{ kind: "drop", outcome: isTooFar ? "fail" : "pass", measure: "lines", flag: null, path: null, value: drop, limit, gap: gapOf(limit, drop), text }];
}

function patchFinding({ patch }: GateFacts, policy: GatePolicy): Finding[] {
  const value = percentOf(patch);
  if (!policy.patch || !patch) return [];
  if (value === null) return [{ kind: "patch", outcome: "pass", measure: "lines", flag: null, path: null, value: null, limit: policy.patch.target, gap: null, text: "The change adds no line that could be covered." }];
  return [levelFinding({ kind: "patch", label: "The change", value, levels: policy.patch, measure: "lines", flag: null }, policy, 0)];
}

function uploadFindings({ completeness }: GateFacts): Finding[] {
  const one = (kind: "missing" | "carried", flag: string, text: string): Finding => ({ kind, outcome: kind === "missing" ? "incomplete" : "pass", measure: null, flag, path: null, value: null, limit: null, gap: null, text });
  const carried = new Map(completeness.carried.map((each) => [each.flag, each]));
  const missing = completeness.missing.map((flag) => {
    const from = carried.get(flag);
    return one("missing", flag, `${flag} has no upload for this commit${from ? `; its coverage of ${from.commit.slice(0, 7)} is carried forward` : " and none before"}.`);
  });
  const forward = completeness.carried.filter(({ flag }) => !completeness.missing.includes(flag)).map(({ flag, commit }) => one("carried", flag, `${flag} is carried forward from ${commit.slice(0, 7)}.`));
  return [...missing, ...forward];
}

const RANK: Record<Outcome, number> = { incomplete: 4, fail: 3, warn: 2, unknown: 1, pass: 0 };

function overall(findings: readonly Finding[], policy: GatePolicy): Outcome {
  if (findings.length === 0) return "unknown";
  const worst = findings.map(({ outcome }) => outcome).reduce((a, b) => (RANK[b] > RANK[a] ? b : a), "pass" as Outcome);
  return worst === "fail" && policy.isInformational ? "warn" : worst;
}

/** Judges one commit. Findings are ordered by weight: what fails first. */
export function judge(facts: GateFacts, policy: GatePolicy): Verdict {
  const findings = [...levelFindings(facts, policy), ...flagFindings(facts, policy), ...patchFinding(facts, policy), ...dropFinding(facts, policy), ...floorFindings(facts), ...uploadFindings(facts)];
  return { outcome: overall(findings, policy), findings, noise: facts.noise };
}
