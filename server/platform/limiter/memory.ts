/**
 * Limits counted in this process: a sliding window as @upstash/ratelimit computes it (the previous window weighs as
 * much as it still overlaps), as a custom algorithm of that library. Refused calls are not counted, so whoever waits
 * as long as they were told gets in. The number of callers remembered is bounded; the longest silent is forgotten.
 */
import { Ratelimit, type Algorithm } from "@upstash/ratelimit";
import type { Clock } from "../clock.ts";
import type { Window } from "./windows.ts";

/** Callers remembered per window: some 2 MB, and more than any one instance serves. */
const MAX_CALLERS = 20_000;

/** Fractions of a call below this are rounding, not use. */
const ROUNDING = 1e-6;

/** What charging and asking need of a limiter; the library's class over any store fits. */
export type WindowLimiter = Pick<Ratelimit, "limit" | "getRemaining">;

/** Opens the counts of a window. The in-process store is one; a shared store is another. */
export type OpenWindow = (window: Window) => WindowLimiter;

type RegionContext = ConstructorParameters<typeof Ratelimit>[0]["limiter"] extends Algorithm<infer Region> ? Region : never;
type Count = { start: number; current: number; previous: number };

/** Moves a count to the window that holds `now`; a clock that stepped back keeps the window. */
function rolled(count: Count | undefined, now: number, windowMs: number): Count {
  const start = Math.floor(now / windowMs) * windowMs;
  if (!count) return { start, current: 0, previous: 0 };
  if (start <= count.start) return count;
  const isNext = start - count.start === windowMs;
  return { start, current: 0, previous: isNext ? count.current : 0 };
}

/** Calls that count at `now`, a fraction while the previous window still overlaps. */
function usedAt(count: Count, now: number, windowMs: number): number {
  const elapsed = Math.min(1, Math.max(0, (now - count.start) / windowMs));
  return count.previous * (1 - elapsed) + count.current;
}

/** The instant from which one more call fits. */
function fitsAt(count: Count, max: number, windowMs: number): number {
  const within = (start: number, previous: number, current: number): number | null => {
    const room = max - 1 - current;
    if (room < 0) return null;
    return previous === 0 ? start : start + windowMs * Math.max(0, 1 - room / previous);
  };
  const next = count.start + windowMs;
  // After two windows nothing counts any more.
  return within(count.start, count.previous, count.current) ?? within(next, count.current, 0) ?? next + windowMs;
}

function algorithm(window: Window, now: Clock, counts: Map<string, Count>): Algorithm<RegionContext> {
  const { max, windowMs } = window;
  const read = (key: string, at: number): Count => rolled(counts.get(key), at, windowMs);
  const write = (key: string, count: Count): void => {
    counts.delete(key);
    counts.set(key, count);
    if (counts.size > MAX_CALLERS) counts.delete(counts.keys().next().value ?? key);
  };
  const answer = (count: Count, at: number, success: boolean) => ({
    success,
    limit: max,
    remaining: Math.max(0, Math.floor(max - usedAt(count, at, windowMs) + ROUNDING)),
    reset: success ? count.start + windowMs : Math.ceil(fitsAt(count, max, windowMs)),
    pending: Promise.resolve(),
  });
  const limit = (_ctx: unknown, key: string, rate = 1) => {
    const at = now().getTime();
    const count = read(key, at);
    // A negative rate gives calls back.
    const fits = rate < 0 || usedAt(count, at, windowMs) + rate <= max + ROUNDING;
    if (fits) count.current = Math.max(0, count.current + rate);
    write(key, count);
    return Promise.resolve(answer(count, at, fits));
  };
  const getRemaining = (_ctx: unknown, key: string) => {
    const at = now().getTime();
    const count = read(key, at);
    const { remaining } = answer(count, at, true);
    return Promise.resolve({ remaining, reset: Math.ceil(fitsAt(count, max, windowMs)), limit: max });
  };
  const resetTokens = (_ctx: unknown, key: string) => Promise.resolve(void counts.delete(key));
  const methods = { limit, getRemaining, resetTokens };
  return () => methods;
}

/** The library asks a custom algorithm for nothing of Redis as long as deny lists, analytics and dynamic limits are off. */
const NO_REDIS = {} as never;

/** A store in this process, on `now`. */
export function memoryWindows(now: Clock): OpenWindow {
  // By name and length alone, so that a changed figure goes on counting where the old one stood.
  const countsOf = new Map<string, Map<string, Count>>();
  return (window) => {
    const key = `${window.name}/${window.windowMs}`;
    const counts = countsOf.get(key) ?? new Map<string, Count>();
    countsOf.set(key, counts);
    return new Ratelimit({
      redis: NO_REDIS,
      limiter: algorithm(window, now, counts),
      prefix: window.name,
      ephemeralCache: false,
      timeout: 0,
      analytics: false,
      enableTelemetry: false,
      enableProtection: false,
    });
  };
}
