/** Judges the rules and questions of one service. A rule that throws is unknown, never a pass and never an end. */
import type { Facts } from "./facts.ts";
import { judgeItems } from "./items.ts";
import type { Judgement, Rule } from "./rule.ts";
import { staleCredit, type Judged, type Line } from "./schema/index.ts";

/** A judged rule before it has its share of the points. */
export type JudgedLine = Omit<Line, "points" | "earned"> & Judged;

/** What is told of rules that threw, so that somebody mends them. */
export type OnBroken = (rule: string, error: unknown) => void;

const BROKEN = "This rule could not be judged; the log says why.";

function judgeSafely(rule: Rule, facts: Facts, world: { now: Date; onBroken?: OnBroken }): Judgement | null {
  try {
    if (rule.appliesTo && !rule.appliesTo(facts)) return null;
    return rule.judge(facts, world.now);
  } catch (error) {
    world.onBroken?.(rule.id, error);
    return { outcome: "unknown", credit: 0, value: BROKEN, target: rule.title, evidence: null, observedAt: null };
  }
}

/** A pass whose observation is too old becomes stale and loses points in quarters; what lies in the future is as old as now. */
function aged(judgement: Judgement, freshForMs: number, now: Date): Pick<Line, "outcome" | "credit"> {
  const { outcome, credit, observedAt } = judgement;
  if (outcome !== "pass" || observedAt === null) return { outcome, credit };
  const age = now.getTime() - observedAt.getTime();
  if (!(age > freshForMs)) return { outcome, credit };
  return { outcome: "stale", credit: credit * staleCredit(age, freshForMs) };
}

function toLine(rule: Rule, judgement: Judgement, now: Date): JudgedLine {
  const { id, title, why, fix, category, severity, weight, isBlocking = false, freshForMs } = rule;
  const { value, target, evidence, observedAt } = judgement;
  return { rule: id, title, why, fix, category, severity, weight, isBlocking, value, target, evidence, observedAt, isWaived: false, ...aged(judgement, freshForMs, now) };
}

export type Judging = { rules: readonly Rule[]; now: Date; /** Rules with a waiver in force. */ waived: ReadonlySet<string>; onBroken?: OnBroken };

/** Every rule that applies to the service, and the questions of its lists, judged. */
export function judgeService(facts: Facts, judging: Judging): JudgedLine[] {
  const ruled = judging.rules.flatMap((rule) => {
    const judgement = judgeSafely(rule, facts, judging);
    return judgement ? [toLine(rule, judgement, judging.now)] : [];
  });
  const lines = [...ruled, ...judgeItems(facts, new Set(ruled.map(({ rule }) => rule)), judging.now)];
  return lines.map((line) => ({ ...line, isWaived: judging.waived.has(line.rule) && line.outcome !== "pass" }));
}
