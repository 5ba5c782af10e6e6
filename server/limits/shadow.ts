/**
 * Shadow mode: what a figure would have refused, told from calls summed by minute. The calls of a minute are taken to
 * be spread evenly over it, and the window slides as the limiter's does: what the previous one holds weighs as much as
 * it still overlaps. Refused calls use nothing up, as in the limiter. Exact for windows of a minute with even traffic,
 * close for longer ones.
 */

/** Calls of one caller in the minute that starts at `minute` (epoch ms), in rising order. */
export type MinuteCalls = { minute: number; calls: number };

const MINUTE_MS = 60_000;
/** Parts a minute is looked at in; finer would pretend to know more than the sums tell. */
const PARTS = 4;

/** Calls that at most `max` in `windowMs` would have refused. */
export function countRefused(minutes: readonly MinuteCalls[], limit: { max: number; windowMs: number }): number {
  const { max, windowMs } = limit;
  let start = Number.NEGATIVE_INFINITY;
  let current = 0;
  let previous = 0;
  let refused = 0;
  for (const { minute, calls } of minutes) {
    for (let part = 0; part < PARTS; part++) {
      const at = minute + (part * MINUTE_MS) / PARTS;
      const slot = Math.floor(at / windowMs) * windowMs;
      if (slot !== start) {
        previous = slot - start === windowMs ? current : 0;
        current = 0;
        start = slot;
      }
      // Whole calls, shared out so that the parts add up to the minute's sum.
      const wanted = Math.floor((calls * (part + 1)) / PARTS) - Math.floor((calls * part) / PARTS);
      const elapsed = (at + MINUTE_MS / PARTS - slot) / windowMs;
      const room = Math.max(0, Math.floor(max - previous * (1 - Math.min(1, elapsed)) - current));
      const accepted = Math.min(wanted, room);
      current += accepted;
      refused += wanted - accepted;
    }
  }
  return refused;
}
