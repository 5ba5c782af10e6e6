/**
 * How the console tries again, per dependency, as data and pure functions. One layer retries each dependency, never two.
 * Runtime retries wait a random part of a growing pause (full jitter), so that many callers do not return together, and
 * draw on a budget of one retry per ten calls, so that an outage is not answered with more load.
 */
import { SECOND_MS } from "../clock.ts";

export type RetryPolicy = {
  /** Tries in all, the first included. */
  attempts: number;
  /** Pause after the first failure. */
  baseMs: number;
  growth: "fixed" | "linear" | "exponential";
  capMs: number;
  jitter: "none" | "full";
};

/** C42, by dependency. */
export const RETRY = {
  /** A database that starts together with the console: three tries, three seconds apart. */
  databaseFirstConnect: { attempts: 3, baseMs: 3 * SECOND_MS, growth: "fixed", capMs: 3 * SECOND_MS, jitter: "none" },
  /** A read whose connection was lost; the next connection usually works. Changes are never tried again. */
  databaseRead: { attempts: 3, baseMs: 50, growth: "exponential", capMs: SECOND_MS, jitter: "full" },
  /** Connecting to Redis goes on for ever; a command is tried three times by the driver. */
  redisConnect: { attempts: Number.POSITIVE_INFINITY, baseMs: 50, growth: "linear", capMs: 2 * SECOND_MS, jitter: "none" },
  /** Calls of the console to hosts outside: mail, identity provider, object store. */
  outbound: { attempts: 3, baseMs: 500, growth: "exponential", capMs: 30 * SECOND_MS, jitter: "full" },
} as const satisfies Record<string, RetryPolicy>;

/** Doubling further than this is above every cap. */
const MAX_DOUBLINGS = 30;

/** Pause after the nth failure (from 1), in milliseconds; null when there is no further try. `random` is in [0, 1). */
export function pauseAfterFailure(policy: RetryPolicy, failures: number, random: () => number = Math.random): number | null {
  if (failures >= policy.attempts) return null;
  const factor = { fixed: 1, linear: failures, exponential: 2 ** Math.min(failures - 1, MAX_DOUBLINGS) }[policy.growth];
  const full = Math.min(policy.baseMs * factor, policy.capMs);
  return policy.jitter === "full" ? Math.floor(random() * full) : full;
}

/** Longest that a caller follows a server's wish to wait. */
export const RETRY_AFTER_CAP_MS = 3_600 * SECOND_MS;

/** Milliseconds that a Retry-After header asks for, seconds or a date; null when it cannot be read. At most an hour. */
export function retryAfterMs(header: string | null | undefined, now: Date): number | null {
  const text = header?.trim();
  if (!text) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_CAP_MS);
}

/** 4xx are final except those that say "later": timeout, conflict, too early, too many. */
export const isRetryableStatus = (status: number): boolean => status >= 500 || [408, 409, 425, 429].includes(status);

/** Counts calls and retries: `spend` is true while retries stay under one in ten calls, and `floor` are always free. */
export type RetryBudget = { call: () => void; spend: () => boolean };

const RATIO = 0.1;
/** A quiet process may still retry a few times; the credit does not grow for ever. */
const FLOOR = 10;
const MAX_CREDIT = 100;

export function createBudget(): RetryBudget {
  let credit = FLOOR;
  return {
    call: () => {
      credit = Math.min(credit + RATIO, MAX_CREDIT);
    },
    spend: () => {
      if (credit < 1) return false;
      credit -= 1;
      return true;
    },
  };
}
