/**
 * A circuit breaker as pure decisions of (circuit, what happened, time). Closed: calls go through and their outcomes are
 * counted. Open: nobody calls, so that what is ill is left alone and callers get their answer at once. Half-open: exactly
 * one caller holds a lease and tries; its outcome closes or opens again. A lease that runs out (its holder died) may be
 * taken by another. Figures: `G02` of the requirements. Times are milliseconds of one clock, whichever.
 */

export type Phase = "closed" | "open" | "half-open";

export type BreakerPolicy = {
  /** Failures in a row that open. */
  inARow: number;
  /** Share of failures that opens, once there were `minimumCalls` within `windowMs`. */
  share: number;
  minimumCalls: number;
  windowMs: number;
  /** How long nobody calls before one may try. */
  openMs: number;
  /** How long the one that tries may take. */
  leaseMs: number;
};

/** Half of 10 calls in 60 s, or 5 in a row; one try after 30 s. */
export const DEFAULT_POLICY: BreakerPolicy = { inARow: 5, share: 0.5, minimumCalls: 10, windowMs: 60_000, openMs: 30_000, leaseMs: 30_000 };

export type Circuit = {
  phase: Phase;
  /** Outcomes within the window, oldest first. */
  outcomes: readonly { at: number; isFailure: boolean }[];
  failuresInARow: number;
  /** When it opened last; null while closed. */
  openedAt: number | null;
  lease: { holder: string; until: number } | null;
};

export const CLOSED: Circuit = { phase: "closed", outcomes: [], failuresInARow: 0, openedAt: null, lease: null };

/** More outcomes than this say nothing new about the share. */
const MAX_OUTCOMES = 100;

/** Codes of the gauge `circuit_breaker_state`. */
export const PHASE_CODE: Record<Phase, number> = { closed: 0, open: 1, "half-open": 2 };

/** Whether `holder` may call now; an open circuit whose time has come becomes half-open and leased to it. */
export function admit(circuit: Circuit, ask: { at: number; holder: string }, policy: BreakerPolicy): { isAdmitted: boolean; next: Circuit } {
  if (circuit.phase === "closed") return { isAdmitted: true, next: circuit };
  const isDue = circuit.phase === "open" ? ask.at - (circuit.openedAt ?? 0) >= policy.openMs : circuit.lease === null || ask.at >= circuit.lease.until;
  if (!isDue) return { isAdmitted: false, next: circuit };
  return { isAdmitted: true, next: { ...circuit, phase: "half-open", lease: { holder: ask.holder, until: ask.at + policy.leaseMs } } };
}

/** Milliseconds until somebody may try again; 0 when they may now. */
export function waitMs(circuit: Circuit, at: number, policy: BreakerPolicy): number {
  if (circuit.phase === "open") return Math.max(0, (circuit.openedAt ?? 0) + policy.openMs - at);
  return circuit.phase === "half-open" ? Math.max(0, (circuit.lease?.until ?? at) - at) : 0;
}

function opened(circuit: Circuit, at: number): Circuit {
  return { ...circuit, phase: "open", openedAt: at, lease: null };
}

/** Takes note of a finished call. Late outcomes of calls that began before the circuit opened change nothing. */
export function settle(circuit: Circuit, seen: { at: number; holder: string; isFailure: boolean }, policy: BreakerPolicy): Circuit {
  if (circuit.phase === "open") return circuit;
  if (circuit.phase === "half-open") {
    if (circuit.lease?.holder !== seen.holder) return circuit;
    return seen.isFailure ? opened({ ...circuit, failuresInARow: circuit.failuresInARow + 1 }, seen.at) : CLOSED;
  }
  const recent = circuit.outcomes.filter(({ at }) => at > seen.at - policy.windowMs);
  const outcomes = [...recent, { at: seen.at, isFailure: seen.isFailure }].slice(-MAX_OUTCOMES);
  const failuresInARow = seen.isFailure ? circuit.failuresInARow + 1 : 0;
  const failures = outcomes.filter(({ isFailure }) => isFailure).length;
  const isOften = outcomes.length >= policy.minimumCalls && failures / outcomes.length >= policy.share;
  const next: Circuit = { ...circuit, outcomes, failuresInARow };
  return seen.isFailure && (failuresInARow >= policy.inARow || isOften) ? opened(next, seen.at) : next;
}
