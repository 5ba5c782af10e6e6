/**
 * Rules that say of a queue whether it is well: each compares one figure with a threshold to warn at and one that is
 * critical. A figure above a threshold breaks it; a rule without thresholds is off. Pure.
 */
import type { QueueRule, RuleLevel, RuleResult, Thresholds } from "./schema/index.ts";

/** What the rules look at. */
export type RuleFacts = {
  depth: number;
  waiting: number;
  oldestWaitingMs: number | null;
  consumers: number | null;
  dead: number;
  /** Dead letters an hour ago; null when nobody looked then. */
  deadBefore: number | null;
  /** Ended in the last hour. */
  completedLastHour: number;
  failedLastHour: number;
};

/** One failure among three jobs is no rate. */
const FEWEST_ENDED = 20;
const SECOND_MS = 1_000;

/** The figure of each rule, in the unit of its thresholds. */
const VALUE: Record<QueueRule, (facts: RuleFacts) => number> = {
  depth: ({ depth }) => depth,
  oldest: ({ oldestWaitingMs }) => (oldestWaitingMs ?? 0) / SECOND_MS,
  failureRate: ({ completedLastHour, failedLastHour }) => {
    const ended = completedLastHour + failedLastHour;
    return ended < FEWEST_ENDED ? 0 : failedLastHour / ended;
  },
  // Where a system does not tell its consumers, nothing can be said.
  noConsumer: ({ consumers, waiting }) => (consumers === 0 ? waiting : 0),
  deadGrowth: ({ dead, deadBefore }) => (deadBefore === null ? 0 : Math.max(0, dead - deadBefore)),
};

function levelOf(value: number, { warn, critical }: Thresholds[QueueRule]): RuleLevel {
  if (critical !== null && value > critical) return "critical";
  return warn !== null && value > warn ? "warn" : "ok";
}

/** What every rule says. */
export function judge(facts: RuleFacts, thresholds: Thresholds): RuleResult[] {
  return (Object.keys(VALUE) as QueueRule[]).map((rule) => {
    const value = VALUE[rule](facts);
    return { rule, value, level: levelOf(value, thresholds[rule]) };
  });
}

const RANK: Record<RuleLevel, number> = { ok: 0, warn: 1, critical: 2 };

/** The worst of some levels; ok when there is none. */
export function worstLevel(levels: readonly RuleLevel[]): RuleLevel {
  return levels.reduce<RuleLevel>((worst, level) => (RANK[level] > RANK[worst] ? level : worst), "ok");
}
