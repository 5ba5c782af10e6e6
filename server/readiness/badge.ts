/** A score as a badge: the figure, its level, and whether something holds it back. Pure. */
import type { Badge } from "../platform/badge/schema.ts";
import type { Level } from "./schema/index.ts";

export type BadgeFacts = { score: number; level: Level; blocking: number };

/** Grey before the first evaluation, red while a blocking rule does not hold. */
export function badgeOf(facts: BadgeFacts | null, goal: number): Badge {
  const label = "readiness";
  if (!facts) return { schemaVersion: 1, label, message: "unknown", color: "lightgrey" };
  const { score, level, blocking } = facts;
  if (blocking > 0) return { schemaVersion: 1, label, message: `${score} of 100, held back`, color: "red" };
  const message = level === "none" ? `${score} of 100` : `${score} of 100, ${level}`;
  return { schemaVersion: 1, label, message, color: score >= goal ? "brightgreen" : level === "none" ? "yellow" : "yellowgreen" };
}
