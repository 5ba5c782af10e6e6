/** Runs one check within its time, whatever it does: throws, hangs or answers. */
import { monotonicMs } from "../clock.ts";
import type { CheckResult } from "./judge.ts";

/** Each check's share of the five seconds in which health must be known; they run side by side. */
export const CHECK_TIMEOUT_MS = 1_000;

export type Finding = Omit<CheckResult, "responseTimeMs">;

/** A check of one part. It should give up when `signal` aborts; if it does not, it is left behind. */
export type Check = (signal: AbortSignal) => Promise<Finding> | Finding;

/** Public wording for the failures of a check; the cause is in `error` for operators. */
function failed(error: unknown): Finding {
  return { status: "down", error: error instanceof Error ? error.message : "failed" };
}

/** The check's result, or `down` after `timeoutMs`. Never rejects. */
export async function runCheck(check: Check, timeoutMs: number = CHECK_TIMEOUT_MS): Promise<CheckResult> {
  const startedAt = monotonicMs();
  const controller = new AbortController();
  const overdue = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => {
    overdue.resolve({ status: "down", error: `No answer within ${timeoutMs} ms.` });
    controller.abort();
  }, timeoutMs);
  const answer = Promise.try(() => check(controller.signal)).catch(failed);
  const finding = await Promise.race([answer, overdue.promise]);
  clearTimeout(timer);
  return { ...finding, responseTimeMs: Math.round(monotonicMs() - startedAt) };
}
