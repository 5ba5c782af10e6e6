/** What changed between two evaluations of a service, and what each change did to its score. Pure. */
import { createHash } from "node:crypto";
import { CAP, type Outcome } from "./schema/index.ts";

/** What is kept of a line: enough to tell the next change. */
export type KeptLine = { rule: string; title: string; outcome: Outcome; earned: number; isWaived: boolean; severity: string; isBlocking: boolean };
export type Kept = { score: number; earned: number; isCapped: boolean; lines: readonly KeptLine[] };
export type Change = { rule: string; title: string; from: Outcome | null; to: Outcome | null; points: number; why: string };

/** The cap has no rule of its own but moves the score like one. */
export const CAP_RULE = "cap";
/** Shifts of fewer points under the same answer are not told: weights moved, or a neighbour came. */
const LEAST_SHIFT = 0.5;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Changes from `before` to `after`, the largest first. `whyOf` says what was seen. */
export function changesBetween(before: Kept, after: Kept, whyOf: (rule: string) => string): Change[] {
  const was = new Map(before.lines.map((line) => [line.rule, line]));
  const is = new Map(after.lines.map((line) => [line.rule, line]));
  const changes: Change[] = [];
  for (const line of after.lines) {
    const old = was.get(line.rule);
    const points = round(line.earned - (old?.earned ?? 0));
    const isTold = !old || old.outcome !== line.outcome || old.isWaived !== line.isWaived || Math.abs(points) >= LEAST_SHIFT;
    if (!isTold) continue;
    const waived = old && old.isWaived !== line.isWaived ? (line.isWaived ? "waived" : "no longer waived") : null;
    changes.push({ rule: line.rule, title: line.title, from: old?.outcome ?? null, to: line.outcome, points, why: waived ?? whyOf(line.rule) });
  }
  for (const line of before.lines) {
    if (!is.has(line.rule)) changes.push({ rule: line.rule, title: line.title, from: line.outcome, to: null, points: round(-line.earned), why: "does not apply any more" });
  }
  if (before.isCapped !== after.isCapped) {
    const held = Math.floor((after.isCapped ? after.earned : before.earned) + 1e-6) - CAP;
    changes.push({ rule: CAP_RULE, title: after.isCapped ? `Capped at ${CAP} by a blocking rule` : "The cap was lifted", from: null, to: after.isCapped ? "fail" : "pass", points: after.isCapped ? -held : held, why: after.isCapped ? `${Math.floor(after.earned)} points earned` : "no blocking rule is left" });
  }
  return changes.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

/** Equal for two evaluations between which nobody would see a difference. */
export function fingerprintOf(kept: Kept): string {
  const text = JSON.stringify([kept.score, kept.earned, kept.isCapped, kept.lines.map((line) => [line.rule, line.outcome, line.earned, line.isWaived, line.title])]);
  return createHash("sha256").update(text).digest("base64url");
}
