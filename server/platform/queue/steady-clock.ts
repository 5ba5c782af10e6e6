/**
 * The clock that pg-boss keeps its rhythm by. It reads the wall clock once and then counts by the monotonic one, so a
 * wall clock that is set back does not make supervision and schedules wait until it has caught up (pg-boss waits for its
 * clock to reach the due time). What is due is judged by the database's time: pg-boss measures its distance to it anew
 * every minute.
 */
import { monotonicMs, systemClock } from "../clock.ts";

/** How often the distance to the database's clock is measured. */
export const MEASURE_CLOCK_SECONDS = 60;
/** pg-boss warns of a distance of a minute; when the wall clock was set by half of that, the warning speaks of us. */
const SET_BY_MS = 30_000;

export type SteadyClock = {
  now: () => number;
  setTimeout: (work: () => void, ms: number) => NodeJS.Timeout;
  clearTimeout: (handle: unknown) => void;
  setInterval: (work: () => void, ms: number) => NodeJS.Timeout;
  clearInterval: (handle: unknown) => void;
  /** True when the wall clock was set since this one began to count. */
  isApart: () => boolean;
};

/** Starts counting at the wall clock's present time. */
export function steadyClock(wall = systemClock, steadyMs = monotonicMs): SteadyClock {
  const ahead = wall().getTime() - steadyMs();
  const now = () => Math.round(ahead + steadyMs());
  return {
    now,
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
    setInterval: (work, ms) => setInterval(work, ms),
    clearInterval: (handle) => clearInterval(handle as NodeJS.Timeout),
    isApart: () => Math.abs(wall().getTime() - now()) > SET_BY_MS,
  };
}
