/**
 * Time enters through `ctx.now`, never through `Date.now()` in a rule, so tests and a faked clock can move it.
 * Durations are measured with the monotonic clock, which no clock change touches.
 */

/** Reads the wall clock. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Milliseconds on the monotonic clock; only differences mean anything. */
export const monotonicMs = (): number => performance.now();

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
