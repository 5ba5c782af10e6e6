/**
 * A clock for bounds on waiting. It stands while the process is put aside: on a busy machine that may take half a
 * second, which says nothing about what is waited for. What the process itself computes counts in full, so a loop that
 * is blocked by its own work is never taken for a busy machine.
 */
const TICK_MS = 5;
/** How late a tick may be without the process having been put aside. */
const LATE_MS = 20;
const US_PER_MS = 1_000;

export type AwakeClock = {
  /** Milliseconds that `work` took by this clock. */
  timed: (work: () => Promise<unknown>) => Promise<number>;
  stop: () => void;
};

/** Starts the clock. */
export function startAwakeClock(): AwakeClock {
  let passed = 0;
  let lookedAt = performance.now();
  let used = process.cpuUsage();
  const look = (): number => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    passed += Math.min(now - lookedAt, TICK_MS + LATE_MS + (user + system) / US_PER_MS);
    lookedAt = now;
    return passed;
  };
  const ticking = setInterval(look, TICK_MS);
  return {
    timed: async (work) => {
      const from = look();
      await work();
      return look() - from;
    },
    stop: () => clearInterval(ticking),
  };
}
