/**
 * One deadline for many waits at the price of one timer: all have the same length, so they end in the order in which
 * they began, and only the oldest needs a timer.
 */
import { monotonicMs } from "../clock.ts";

/** What a wait resolves to when its time is up. */
export const LATE = Symbol("late");

/** A link of the chain of waits, oldest first. What is done leaves at once, so that nothing grows old for nothing. */
type Wait = { endsAt: number; expire: (late: typeof LATE) => void; before: Wait; after: Wait };

export type Deadlines = {
  /** The result of `work`, or LATE. Rejects as `work` does, when it does so in time. */
  inTime: <T>(work: Promise<T>) => Promise<T | typeof LATE>;
};

function createChain(): Wait {
  const chain = { endsAt: Number.POSITIVE_INFINITY, expire: () => undefined } as unknown as Wait;
  chain.before = chain;
  chain.after = chain;
  return chain;
}

/** Takes a wait out; harmless for one that has left already. */
function leave(wait: Wait): void {
  wait.before.after = wait.after;
  wait.after.before = wait.before;
  wait.before = wait;
  wait.after = wait;
}

/** Makes a queue of waits of at most `timeoutMs`. */
export function createDeadlines(timeoutMs: number): Deadlines {
  // Its own end: before it is the newest wait, after it the oldest.
  const chain = createChain();
  let timer: NodeJS.Timeout | null = null;

  const sweep = (): void => {
    timer = null;
    const now = monotonicMs();
    let oldest = chain.after;
    for (; oldest.endsAt <= now; oldest = chain.after) {
      leave(oldest);
      oldest.expire(LATE);
    }
    if (oldest !== chain) timer = setTimeout(sweep, Math.max(1, oldest.endsAt - now));
  };
  return {
    inTime: <T>(work: Promise<T>) =>
      new Promise<T | typeof LATE>((resolve, reject) => {
        const wait: Wait = { endsAt: monotonicMs() + timeoutMs, expire: resolve, before: chain.before, after: chain };
        chain.before.after = wait;
        chain.before = wait;
        timer ??= setTimeout(sweep, timeoutMs);
        work.then(
          (result) => {
            leave(wait);
            resolve(result);
          },
          (error: unknown) => {
            leave(wait);
            reject(error as Error);
          },
        );
      }),
  };
}
