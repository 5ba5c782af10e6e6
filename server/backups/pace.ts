/** How fast a run goes and how long it will still take. Pure. */
import { SECOND_MS } from "../platform/clock.ts";

export type Pace = { bytesPerSecond: number | null; secondsLeft: number | null };

/** Too short a time makes any rate. */
const LEAST_MS = SECOND_MS;

/** `expectedBytes`: what the run before read; null when nothing is known. */
export function paceOf(progress: { bytes: number; elapsedMs: number; expectedBytes: number | null }): Pace {
  const { bytes, elapsedMs, expectedBytes } = progress;
  if (elapsedMs < LEAST_MS || bytes <= 0) return { bytesPerSecond: null, secondsLeft: null };
  const bytesPerSecond = bytes / (elapsedMs / SECOND_MS);
  const isKnown = expectedBytes !== null && expectedBytes > bytes;
  return { bytesPerSecond, secondsLeft: isKnown ? (expectedBytes - bytes) / bytesPerSecond : null };
}
