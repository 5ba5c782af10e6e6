/** A failure after which something is still where it was written. Its message says what; its cause is what ended the work. */
import { AppError } from "../../platform/errors.ts";

type LeftBehind = AppError & { readonly isLeftBehind: true };

/** True for a failure that names what could not be removed. */
export const isLeftBehind = (error: unknown): error is LeftBehind => error instanceof AppError && "isLeftBehind" in error;

/** The failure, with words on what could not be removed after it. */
export function leftBehind(failure: unknown, words: string): LeftBehind {
  const message = failure instanceof Error ? failure.message : String(failure);
  const error = new AppError(failure instanceof AppError ? failure.code : "internal", `${message} ${words}`, { cause: failure });
  return Object.assign(error, { isLeftBehind: true as const });
}

/** What ended the work: the reason of its signal when that was raised, but never instead of what could not be removed. */
export const endOf = (signal: AbortSignal | undefined, error: unknown): unknown => (signal?.aborted && !isLeftBehind(error) ? signal.reason : error);
