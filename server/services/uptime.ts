/**
 * Uptime: the share of known time in which a service answered (up or degraded). Unknown time, paused time and time
 * before the service existed are not charged. Also cuts a history of transitions into seconds per state.
 */
import { SECOND_MS } from "../platform/clock.ts";
import type { Bar, State } from "./schema.ts";

export type StateSeconds = { up: number; degraded: number; down: number; unknown: number };

/** Answered over known, 0 to 1; null when nothing is known. Works on seconds and on counts of results alike. */
export function uptimeOf({ up, degraded, down }: StateSeconds): number | null {
  const known = up + degraded + down;
  return known === 0 ? null : (up + degraded) / known;
}

/** Adds up stretches of time. */
export function sumStates(parts: readonly StateSeconds[]): StateSeconds {
  const sum = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (const part of parts) {
    sum.up += part.up;
    sum.degraded += part.degraded;
    sum.down += part.down;
    sum.unknown += part.unknown;
  }
  return sum;
}

/** A change of state; the state before the first change is its `from`. */
export type Change = { at: Date; from: State; to: State };

/**
 * Seconds in each state between `from` and `to`. `changes` are the transitions in that time, in order; `current` is the
 * state that holds when there are none.
 */
export function secondsInStates(changes: readonly Change[], range: { from: Date; to: Date }, current: State): StateSeconds {
  const seconds = { up: 0, degraded: 0, down: 0, unknown: 0 };
  let state = changes[0]?.from ?? current;
  let at = range.from.getTime();
  for (const change of changes) {
    const until = Math.min(Math.max(change.at.getTime(), at), range.to.getTime());
    seconds[state] += (until - at) / SECOND_MS;
    state = change.to;
    at = until;
  }
  seconds[state] += Math.max(0, range.to.getTime() - at) / SECOND_MS;
  return seconds;
}

/** Sums what was recorded into `count` equal stretches of `stepMs` that end at `end`; missing time stays zero. */
export function regroupBars(recorded: readonly (StateSeconds & { at: Date })[], end: Date, shape: { count: number; stepMs: number }): Bar[] {
  const start = end.getTime() - shape.count * shape.stepMs;
  const out: Bar[] = Array.from({ length: shape.count }, (_, i) => ({ at: new Date(start + i * shape.stepMs).toISOString(), up: 0, degraded: 0, down: 0, unknown: 0 }));
  for (const bar of recorded) {
    const target = out[Math.floor((bar.at.getTime() - start) / shape.stepMs)];
    if (target) Object.assign(target, sumStates([target, bar]));
  }
  return out;
}
