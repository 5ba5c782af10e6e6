/** A few at once, the others in line; nobody waits for ever. */
import { AppError } from "../errors.ts";

export type Turns = { take: <T>(work: () => Promise<T>) => Promise<T> };

/** Seconds after which a caller who got no turn should try again. */
const RETRY_AFTER_SECONDS = 30;

/** Lets `atOnce` works run; the others wait in order, at most `waitMs`, and are then refused as `unavailable`. */
export function createTurns({ atOnce, waitMs }: { atOnce: number; waitMs: number }): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  const begin = () => {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(start), 1);
      reject(new AppError("unavailable", "Too many files are being read. Nothing was kept; send it again in a moment.", { detail: { retryAfterSeconds: RETRY_AFTER_SECONDS } }));
    }, waitMs);
    const start = () => {
      clearTimeout(timer);
      resolve();
    };
    waiting.push(start);
    return promise;
  };
  const end = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return {
    take: async (work) => {
      await begin();
      try {
        return await work();
      } finally {
        end();
      }
    },
  };
}
