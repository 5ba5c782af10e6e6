/**
 * One deadline for many waits at the price of one timer: all have the same length, so they end in the order in which
 * they began, and only the oldest needs a timer.
 */
import { monotonicMs } from "../clock.ts";

/** What a wait resolves to when its time is up. */
export const LATE = Symbol("late");

type Wait = { endsAt: number; expire: () => void; isDone: boolean };

export type Deadlines = {
  /** The result of `work`, or LATE. Rejects as `work` does, when it does so in time. */
  inTime: <T>(work: Promise<T>) => Promise<T | typeof LATE>;
};

/** Makes a queue of waits of at most `timeoutMs`. */
export function createDeadlines(timeoutMs: number): Deadlines {
  const waits: Wait[] = [];
  let first = 0;
  let timer: NodeJS.Timeout | null = null;

  const sweep = (): void => {
    timer = null;
    const now = monotonicMs();
    for (let wait = waits[first]; wait && (wait.isDone || wait.endsAt <= now); wait = waits[first]) {
      first += 1;
      if (!wait.isDone) wait.expire();
    }
    waits.splice(0, first);
    first = 0;
    const next = waits[0];
    if (next) timer = setTimeout(sweep, Math.max(1, next.endsAt - now));
  };
  return {
    inTime: <T>(work: Promise<T>) =>
      new Promise<T | typeof LATE>((resolve, reject) => {
        const wait: Wait = { endsAt: monotonicMs() + timeoutMs, expire: () => resolve(LATE), isDone: false };
        waits.push(wait);
        timer ??= setTimeout(sweep, timeoutMs);
        work.then(
          (result) => {
            wait.isDone = true;
            resolve(result);
          },
          (error: unknown) => {
            wait.isDone = true;
            reject(error as Error);
          },
        );
      }),
  };
}
