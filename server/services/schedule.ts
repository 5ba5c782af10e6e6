/**
 * When a check is due. Its slots lie on a fixed grid (`phase × interval` after each multiple of the interval since 1970),
 * so checks are spread evenly, keep their rhythm whatever a run takes, and two processes agree on it. `phase` is 0 to 1,
 * drawn once when the check is made.
 */

const SECOND = 1_000;
/** Missed checks start within this time, spread by their phase: no herd, and all have run 20 s after a restart, the slow start of a process on a busy machine included. */
export const CATCH_UP_SECONDS = 10;

/** The first slot after `now`. */
export function nextSlot(check: { phase: number; intervalSeconds: number }, now: Date): Date {
  const interval = check.intervalSeconds * SECOND;
  const offset = check.phase * interval;
  return new Date((Math.floor((now.getTime() - offset) / interval) + 1) * interval + offset);
}
