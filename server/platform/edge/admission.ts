/**
 * How many requests are worked on at once. A process gives no more answers a second by beginning more requests; they only
 * wait for the processor and the database together, and those to be refused wait with them. So the number follows what
 * answers take: while they take too long under load, or the event loop runs late, it falls; otherwise it rises again.
 * A machine that is busy with something else for a moment leaves a crowd behind which is soon through: after calm, such
 * a moment is borne with, and nobody is refused for it.
 */
import { monotonicMs } from "../clock.ts";

/** How often the number is set anew: a ramp from nothing to far too much must be met within a few of these. */
const TICK_MS = 50;
/** A quarter of what the slowest twentieth of accepted requests may take in a spike. */
const SLOW_MS = 250;
/** A quarter of what a refusal may take: it waits for the loop to come round, and then for those before it. */
const LATE_MS = 50;
/** Keeps processor and database busy, and is more than a page asks for at once. */
const FEWEST = 16;
/** While the loop itself runs late, each one begun delays all that are refused; this many still keep the processor busy. */
const FEWEST_WHEN_LATE = 8;
/** Fewer at once are no queue of ours: then answers are slow for reasons of their own, or the machine is busy with others. */
const QUEUE = 2 * FEWEST;
const STEEPEST_FALL = 1 / 2;
/** From the fewest to the most in six seconds of calm. */
const RISE = 2;
/** Ticks of strain that are borne with after calm: 0.3 s, in which a thousand requests a second add 200 that wait half a second. */
export const MOST_PATIENCE = 6;
/** What a calm tick gives back: all of it after a second and a quarter. */
const PATIENCE_RISE = 1 / 4;

/** What the last tick saw: most requests at once, their mean duration (null when none ended), the loop's lateness. */
export type Load = { inFlight: number; meanMs: number | null; lateMs: number; most: number };

/** How many may be worked on at once, and how many ticks of strain are borne with before that falls. */
export type Allowance = { allowed: number; patience: number };

/**
 * The next allowance. The number falls from what was used, not from what was allowed, so that a spike is met before it
 * has filled the room that a sudden burst may take.
 */
export function nextAllowance({ allowed, patience }: Allowance, { inFlight, meanMs, lateMs, most }: Load): Allowance {
  const strain = Math.max((meanMs ?? 0) / SLOW_MS, lateMs / LATE_MS);
  if (strain <= 1 || inFlight < Math.min(QUEUE, allowed)) return { allowed: Math.min(most, allowed + RISE), patience: Math.min(MOST_PATIENCE, patience + PATIENCE_RISE) };
  if (patience >= 1) return { allowed, patience: patience - 1 };
  const used = Math.min(allowed, inFlight);
  const fewest = lateMs > LATE_MS ? FEWEST_WHEN_LATE : FEWEST;
  return { allowed: Math.max(Math.min(fewest, most), Math.floor(used * Math.max(STEEPEST_FALL, 1 / strain))), patience };
}

export type Admission = {
  /** True when no more may be begun. */
  isFull: () => boolean;
  /** Begins one. Call the result once when it is done, with `false` when its duration says nothing; later calls do nothing. */
  begin: () => (isMeasured?: boolean) => void;
  close: () => void;
};

/** Counts work and follows what it takes. `most` is never exceeded. */
export function createAdmission(most: number): Admission {
  let allowance: Allowance = { allowed: most, patience: MOST_PATIENCE };
  let inFlight = 0;
  let seen = { peak: 0, ended: 0, totalMs: 0 };
  let expectedAt = monotonicMs() + TICK_MS;
  const timer = setInterval(() => {
    const now = monotonicMs();
    const meanMs = seen.ended > 0 ? seen.totalMs / seen.ended : null;
    allowance = nextAllowance(allowance, { inFlight: seen.peak, meanMs, lateMs: now - expectedAt, most });
    seen = { peak: inFlight, ended: 0, totalMs: 0 };
    expectedAt = now + TICK_MS;
  }, TICK_MS);
  timer.unref();
  return {
    isFull: () => inFlight >= allowance.allowed,
    begin: () => {
      const startedAt = monotonicMs();
      let isOpen = true;
      inFlight += 1;
      seen.peak = Math.max(seen.peak, inFlight);
      return (isMeasured = true) => {
        if (!isOpen) return;
        isOpen = false;
        inFlight -= 1;
        if (!isMeasured) return;
        seen.ended += 1;
        seen.totalMs += monotonicMs() - startedAt;
      };
    },
    close: () => clearInterval(timer),
  };
}
