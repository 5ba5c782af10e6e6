/**
 * A clock for bounds on waiting. It stands while the process gets no processor: on a busy machine a test may be put
 * aside for half a second, which says nothing about what it waits for.
 */
const TICK_MS = 5;
/** The most that passes between two looks. */
const LONGEST_MS = 25;

export type AwakeClock = {
  /** Milliseconds that `work` took by this clock. */
  timed: (work: () => Promise<unknown>) => Promise<number>;
  stop: () => void;
};

/** Starts the clock. */
export function startAwakeClock(): AwakeClock {
  let passed = 0;
  let lookedAt = performance.now();
  const look = (): number => {
    const now = performance.now();
    passed += Math.min(now - lookedAt, LONGEST_MS);
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
