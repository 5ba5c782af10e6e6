/**
 * How readings become states. Down needs `failuresBeforeDown` failed readings in a row; leaving down needs
 * `successesBeforeUp` good ones. Up and degraded follow each other, and unknown, at once: they mean that the service answers.
 * An unknown reading changes no counter: the old state stays while its last known fact is fresh, then becomes unknown.
 */
import { SECOND_MS } from "../platform/clock.ts";
import type { State } from "./schema.ts";

/** Facts older than this many intervals are stale … */
const STALE_INTERVALS = 3;
/** … but not before a minute has passed, so that a restart within a deploy leaves no trace. */
const STALE_AT_LEAST_MS = 60 * SECOND_MS;

/** Worst first. Unknown is worse than up (it is never green) and better than a known fault. */
const WORST_FIRST: readonly State[] = ["down", "degraded", "unknown", "up"];

export type StateRules = { failuresBeforeDown: number; successesBeforeUp: number; intervalSeconds: number };

export type CheckState = {
  state: State;
  stateSince: Date;
  stateReason: string;
  consecutiveFailures: number;
  consecutiveSuccesses: number;
  /** The last reading that was not unknown. */
  lastKnownAt: Date | null;
};

/** What one run found, as far as the state is concerned. */
export type Finding = { verdict: State; message: string; at: Date };

/** Milliseconds after which a check's last known fact no longer counts. */
export function freshForMs(intervalSeconds: number): number {
  return Math.max(STALE_INTERVALS * intervalSeconds * SECOND_MS, STALE_AT_LEAST_MS);
}

/** True when nothing fresh is known about a check. `lastKnownAt` null (never measured) is not stale but unknown. */
export function isStale(lastKnownAt: Date | null, intervalSeconds: number, now: Date): boolean {
  return lastKnownAt !== null && now.getTime() - lastKnownAt.getTime() > freshForMs(intervalSeconds);
}

function settle(previous: CheckState, finding: Finding, rules: StateRules): State {
  if (finding.verdict === "down") return previous.consecutiveFailures + 1 >= rules.failuresBeforeDown ? "down" : previous.state;
  return previous.state !== "down" || previous.consecutiveSuccesses + 1 >= rules.successesBeforeUp ? finding.verdict : previous.state;
}

function afterUnknown(previous: CheckState, finding: Finding, rules: StateRules): CheckState {
  const isFresh = previous.lastKnownAt !== null && !isStale(previous.lastKnownAt, rules.intervalSeconds, finding.at);
  if (previous.state === "unknown") return { ...previous, stateReason: finding.message };
  if (isFresh) return previous;
  return { ...previous, state: "unknown", stateSince: finding.at, stateReason: finding.message };
}

/** The state of a check after a reading. Pure: the same inputs give the same state. */
export function nextState(previous: CheckState, finding: Finding, rules: StateRules): CheckState {
  if (finding.verdict === "unknown") return afterUnknown(previous, finding, rules);
  const isFailure = finding.verdict === "down";
  const state = settle(previous, finding, rules);
  const isChanged = state !== previous.state;
  const isConfirmed = state === finding.verdict;
  return {
    state,
    stateSince: isChanged ? finding.at : previous.stateSince,
    stateReason: isConfirmed || previous.state === "unknown" ? finding.message : previous.stateReason,
    consecutiveFailures: isFailure ? previous.consecutiveFailures + 1 : 0,
    consecutiveSuccesses: isFailure ? 0 : previous.consecutiveSuccesses + 1,
    lastKnownAt: finding.at,
  };
}

/** A check as the roll-up sees it. */
export type RolledCheck = { name: string; state: State; stateReason: string; isPaused: boolean };

export const NO_CHECKS = "No checks yet";
export const ALL_PAUSED = "All checks are paused";

/** The state of a service: the worst of its unpaused checks, with that check's reason. */
export function rollUpService(checks: readonly RolledCheck[]): { state: State; reason: string } {
  const active = checks.filter((check) => !check.isPaused);
  if (checks.length === 0) return { state: "unknown", reason: NO_CHECKS };
  if (active.length === 0) return { state: "unknown", reason: ALL_PAUSED };
  for (const state of WORST_FIRST) {
    const worst = active.find((check) => check.state === state);
    if (worst) return { state, reason: reasonOf(worst, active.length) };
  }
  return { state: "unknown", reason: NO_CHECKS };
}

function reasonOf(check: RolledCheck, count: number): string {
  if (check.state === "up") return "";
  return count > 1 && check.stateReason ? `${check.name}: ${check.stateReason}` : check.stateReason;
}
