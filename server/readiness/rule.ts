/**
 * What a rule is: one question, answered from facts and the time alone. A rule is one file in `rules/`, and one line of
 * the registry. It returns a judgement; how old the observation may be is its own figure, and ageing is done for it.
 */
import { DAY_MS } from "../platform/clock.ts";
import type { Facts } from "./facts.ts";
import type { Category, Evidence, Outcome, Severity } from "./schema/index.ts";

export type Judgement = {
  outcome: Exclude<Outcome, "stale">;
  /** Share of the points earned, 0 to 1: 1 for pass; a fail may earn a part where the target is a figure. */
  credit: number;
  /** What is, and what should be, with units. */
  value: string;
  target: string;
  evidence: Evidence | null;
  observedAt: Date | null;
};

export type Rule = {
  id: string;
  /** What holds when it passes: "Certificates are valid for 14 days or more". */
  title: string;
  /** Why that matters, one sentence. */
  why: string;
  /** What to do when it does not hold, imperative. */
  fix: string;
  category: Category;
  severity: Severity;
  /** Weight inside its category, 1 to 5. */
  weight: number;
  isBlocking?: boolean;
  /** An observation older than this is stale. */
  freshForMs: number;
  /** False: the question makes no sense for this service and costs it nothing. */
  appliesTo?: (facts: Facts) => boolean;
  judge: (facts: Facts, now: Date) => Judgement;
};

/** Facts that the console itself keeps fresh all the time; older than a day they are not. */
export const WATCHED_MS = DAY_MS;

type Said = { value: string; target: string; at?: Date | null; evidence?: Evidence | null };

const said = ({ value, target, at = null, evidence = null }: Said) => ({ value, target, evidence, observedAt: at });

/** It holds. */
export function pass(facts: Said): Judgement {
  return { outcome: "pass", credit: 1, ...said(facts) };
}

/** It does not hold; `credit` is the part that is there already. */
export function fail(facts: Said, credit = 0): Judgement {
  return { outcome: "fail", credit: Math.min(0.99, Math.max(0, credit)), ...said(facts) };
}

/** Nobody knows, and why. */
export function unknown(value: string, target: string, evidence: Evidence | null = null): Judgement {
  return { outcome: "unknown", credit: 0, value, target, evidence, observedAt: null };
}

/** Pass or fail by a condition. */
export function decide(holds: boolean, facts: Said, credit = 0): Judgement {
  return holds ? pass(facts) : fail(facts, credit);
}

/** Evidence with its observation as label and value; null values are left out. */
export function seen(label: string, href: string | null, rows: Record<string, string | number | Date | null | undefined>): Evidence {
  const shown = Object.entries(rows).flatMap(([name, value]) => (value === null || value === undefined ? [] : [{ label: name, value: value instanceof Date ? value.toISOString() : String(value) }]));
  return { label, href, seen: shown };
}
