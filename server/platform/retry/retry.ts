/** Runs work under a retry policy. */
import { pauseAfterFailure, type RetryBudget, type RetryPolicy } from "./policy.ts";

export type Retrying = {
  policy: RetryPolicy;
  /** Whether another try can help. */
  isTransient: (error: unknown) => boolean;
  /** Asked before each further try. */
  budget?: RetryBudget;
  signal?: AbortSignal;
  /** Told before each pause. */
  onRetry?: (error: unknown, pauseMs: number) => void;
  random?: () => number;
};

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) aborted();
    else signal?.addEventListener("abort", aborted, { once: true });
  });
}

/** What `work` resolves to, or its last error when the policy, the budget or the error ends the tries. */
export async function retrying<T>(how: Retrying, work: () => Promise<T>): Promise<T> {
  how.budget?.call();
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = how.isTransient(error) ? pauseAfterFailure(how.policy, failures, how.random) : null;
      if (pauseMs === null || how.signal?.aborted || how.budget?.spend() === false) throw error;
      how.onRetry?.(error, pauseMs);
      await pause(pauseMs, how.signal);
    }
  }
}
