/** From facts to a score. Pure: the same facts at the same time give the same scorecard. */
import type { Facts } from "./facts.ts";
import { judgeService, type JudgedLine, type OnBroken } from "./judge.ts";
import type { Rule } from "./rule.ts";
import { LEVELS, LEVEL_SCORES, scoreOf, type Level, type Line, type Scored, type Weights } from "./schema/index.ts";

export type Judging = { rules: readonly Rule[]; weights: Weights; waived: ReadonlySet<string>; now: Date; onBroken?: OnBroken };

/** Judges everything that applies to the service and adds it up. */
export function scoreService(facts: Facts, judging: Judging): Scored<JudgedLine> {
  return scoreOf(judgeService(facts, judging), judging.weights, facts.service.tier);
}

const WORST_FIRST = { fail: 0, unknown: 1, stale: 2, pass: 3 } as const;
const rankOf = (line: Line): number => (line.isWaived ? 3 : WORST_FIRST[line.outcome]);

/** Blocking failures first, then by answer, then what costs most. */
export function byUrgency(a: Line, b: Line): number {
  return Number(b.isBlocking && rankOf(b) < 2) - Number(a.isBlocking && rankOf(a) < 2) || rankOf(a) - rankOf(b) || b.points - b.earned - (a.points - a.earned) || b.points - a.points || a.rule.localeCompare(b.rule);
}

/** The next level and what stands between: points, and rules that must hold. Null at the top. */
export function nextLevel(card: { score: number; level: Level; lines: readonly Line[] }, tier: number): { level: Level; needsScore: number; missing: string[] } | null {
  const level = LEVELS[LEVELS.indexOf(card.level) + 1];
  if (!level || level === "none") return null;
  const needsScore = LEVEL_SCORES[tier <= 1 ? 1 : tier === 2 ? 2 : 3][level];
  const needed = (line: Line) => line.isBlocking || (level !== "bronze" && line.severity === "critical") || (level === "gold" && line.severity === "high");
  const missing = card.lines.filter((line) => !line.isWaived && line.outcome !== "pass" && needed(line)).map(({ rule }) => rule);
  return { level, needsScore, missing };
}
