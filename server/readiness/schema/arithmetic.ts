/**
 * The arithmetic of a score, the same on the server and on screen, so that what-if answers what evaluation would.
 * Each area with a rule that applies gives its weight, scaled so that all together give 100; inside an area the points go
 * to its rules by their weight. A score is what was earned, at most CAP while a blocking rule does not hold. Pure.
 */
import { CAP } from "./cap.ts";
import { CATEGORIES, type Category, type Weights } from "./categories.ts";

export const LEVELS = ["none", "bronze", "silver", "gold"] as const;
export type Level = (typeof LEVELS)[number];

export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const OUTCOMES = ["fail", "unknown", "stale", "pass"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A judged rule before it is given its share of the hundred points. */
export type Judged = {
  category: Category;
  severity: Severity;
  /** Weight inside its area. */
  weight: number;
  isBlocking: boolean;
  outcome: Outcome;
  /** Share of its points that it earns, 0 to 1. */
  credit: number;
  isWaived: boolean;
};

export type Pointed<Line extends Judged> = Line & {
  /** What the rule may give, of 100. */
  points: number;
  earned: number;
};

export type CategoryScore = { category: Category; points: number; earned: number; fail: number; unknown: number; stale: number; rules: number };

export type Scored<Line extends Judged> = {
  /** Whole points, after the cap. */
  score: number;
  /** Points before the cap, with fractions. */
  earned: number;
  isCapped: boolean;
  /** Blocking rules that do not hold. */
  blocking: number;
  level: Level;
  categories: CategoryScore[];
  lines: Pointed<Line>[];
};

/** A waived rule counts as held; everything else by its credit. */
const creditOf = (line: Judged): number => (line.isWaived ? 1 : Math.min(1, Math.max(0, line.credit)));
/** Nobody knowing is as bad as knowing better; a fact that merely got old holds nothing back, it only loses points. */
const isHeldBack = (line: Judged): boolean => line.isBlocking && !line.isWaived && (line.outcome === "fail" || line.outcome === "unknown");
const holds = (line: Judged): boolean => line.isWaived || line.outcome === "pass";

/** Scores that a level needs, by the tier of the service: what is critical must be better. */
export const LEVEL_SCORES: Record<1 | 2 | 3, Record<Exclude<Level, "none">, number>> = {
  1: { bronze: 65, silver: 80, gold: 92 },
  2: { bronze: 55, silver: 72, gold: 88 },
  3: { bronze: 45, silver: 62, gold: 80 },
};

const tierOf = (tier: number): 1 | 2 | 3 => (tier <= 1 ? 1 : tier === 2 ? 2 : 3);

/** Bronze needs that no blocking rule fails, silver that every critical rule holds, gold that every high one does too; each its score. */
export function levelOf(score: number, lines: readonly Judged[], tier: number): Level {
  const needs = LEVEL_SCORES[tierOf(tier)];
  if (score < needs.bronze || lines.some(isHeldBack)) return "none";
  const critical = lines.every((line) => line.severity !== "critical" || holds(line));
  if (score < needs.silver || !critical) return "bronze";
  const high = lines.every((line) => line.severity !== "high" || holds(line));
  return score >= needs.gold && high ? "gold" : "silver";
}

/** Hundredths of a point: enough to add up, few enough to compare. */
const round = (value: number): number => Math.round(value * 100) / 100;

/** Gives every rule its share of the hundred points and adds up. An empty list scores 0. */
export function scoreOf<Line extends Judged>(lines: readonly Line[], weights: Weights, tier: number): Scored<Line> {
  const byCategory = Map.groupBy(lines, (line) => line.category);
  const present = CATEGORIES.filter((category) => byCategory.has(category) && weights[category] > 0);
  const total = present.reduce((sum, category) => sum + weights[category], 0);
  const unit = new Map(present.map((category) => {
    const inside = (byCategory.get(category) ?? []).reduce((sum, line) => sum + line.weight, 0);
    return [category, inside === 0 ? 0 : (100 * weights[category]) / total / inside];
  }));
  const pointed = lines.map((line): Pointed<Line> => {
    const points = (unit.get(line.category) ?? 0) * line.weight;
    return { ...line, points: round(points), earned: round(points * creditOf(line)) };
  });
  const earned = lines.reduce((sum, line) => sum + (unit.get(line.category) ?? 0) * line.weight * creditOf(line), 0);
  const blocking = lines.filter(isHeldBack).length;
  // A hair below a whole number is that number: sums of thirds must not cost a point.
  const whole = Math.floor(earned + 1e-6);
  const score = blocking > 0 ? Math.min(whole, CAP) : whole;
  const of = new Map(Map.groupBy(pointed, (line) => line.category));
  return {
    score,
    earned: round(earned),
    isCapped: blocking > 0 && whole > CAP,
    blocking,
    level: levelOf(score, lines, tier),
    categories: CATEGORIES.filter((category) => of.has(category)).map((category) => categoryScore(category, of.get(category) ?? [])),
    lines: pointed,
  };
}

function categoryScore(category: Category, lines: readonly Pointed<Judged>[]): CategoryScore {
  const count = (outcome: Outcome) => lines.filter((line) => line.outcome === outcome && !line.isWaived).length;
  const sum = (of: "points" | "earned") => round(lines.reduce((total, line) => total + line[of], 0));
  return { category, points: sum("points"), earned: sum("earned"), fail: count("fail"), unknown: count("unknown"), stale: count("stale"), rules: lines.length };
}

/** The lines as they would be with these rules held. */
export function supposeHeld<Line extends Judged & { rule: string }>(lines: readonly Line[], rules: ReadonlySet<string>): Line[] {
  return lines.map((line) => (rules.has(line.rule) ? { ...line, outcome: "pass", credit: 1 } : line));
}

/** What a fact gives that is older than it may be: it loses a quarter of its points at a time and all by twice its time. */
export function staleCredit(ageMs: number, freshForMs: number): number {
  const over = (ageMs - freshForMs) / freshForMs;
  if (over <= 0) return 1;
  return Math.max(0, 0.75 - 0.25 * Math.floor(over * 4));
}

/** Services of tier 1 weigh three times one of tier 3. */
const TIER_WEIGHT = { 1: 3, 2: 2, 3: 1 } as const;

/** The score of all services together: their earned points, weighted by tier; capped while a service of tier 1 is held back. Null without services. */
export function fleetScore(services: readonly { earned: number; tier: number; blocking: number }[]): { score: number; earned: number; isCapped: boolean; heldBack: number } | null {
  if (services.length === 0) return null;
  const total = services.reduce((sum, { tier }) => sum + TIER_WEIGHT[tierOf(tier)], 0);
  const earned = services.reduce((sum, { tier, earned: own }) => sum + TIER_WEIGHT[tierOf(tier)] * own, 0) / total;
  const heldBack = services.filter(({ tier, blocking }) => tierOf(tier) === 1 && blocking > 0).length;
  const whole = Math.floor(earned + 1e-6);
  return { score: heldBack > 0 ? Math.min(whole, CAP) : whole, earned: round(earned), isCapped: heldBack > 0 && whole > CAP, heldBack };
}
