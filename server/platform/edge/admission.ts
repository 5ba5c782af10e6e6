/**
 * How many requests are worked on at once. A process gives no more answers a second by beginning more requests; they only
 * wait for the processor and the database together, and those to be refused wait with them. So the number follows what
 * answers take: while they take too long under load, or the event loop runs late, it falls; otherwise it rises again.
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

/** What the last tick saw: most requests at once, their mean duration (null when none ended), the loop's lateness. */
export type Load = { inFlight: number; meanMs: number | null; lateMs: number; most: number };

/**
 * The next number allowed. It falls from what was used, not from what was allowed, so that a spike is met before it has
 * filled the room that a sudden burst may take.
 */
export function nextAllowed(allowed: number, { inFlight, meanMs, lateMs, most }: Load): number {
  const strain = Math.max((meanMs ?? 0) / SLOW_MS, lateMs / LATE_MS);
  if (strain <= 1 || inFlight < Math.min(QUEUE, allowed)) return Math.min(most, allowed + RISE);
  const used = Math.min(allowed, inFlight);
  const fewest = lateMs > LATE_MS ? FEWEST_WHEN_LATE : FEWEST;
  return Math.max(Math.min(fewest, most), Math.floor(used * Math.max(STEEPEST_FALL, 1 / strain)));
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
  let allowed = most;
  let inFlight = 0;
  let seen = { peak: 0, ended: 0, totalMs: 0 };
  let expectedAt = monotonicMs() + TICK_MS;
  const timer = setInterval(() => {
    const now = monotonicMs();
    const meanMs = seen.ended > 0 ? seen.totalMs / seen.ended : null;
    allowed = nextAllowed(allowed, { inFlight: seen.peak, meanMs, lateMs: now - expectedAt, most });
    seen = { peak: inFlight, ended: 0, totalMs: 0 };
    expectedAt = now + TICK_MS;
  }, TICK_MS);
  timer.unref();
  return {
    isFull: () => inFlight >= allowed,
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
