/** When known facts are too old to be told in the present tense. Pure. */

/** The part of a query's state that says how old its facts are. */
export type Known = { isError: boolean; data: unknown; dataUpdatedAt: number };

/** True when there are facts, and the last refresh failed or none came for `maxAgeMs`. `now` 0 means unknown. */
export function isOld(query: Known, at: { now: number; maxAgeMs: number; isPaused: boolean }): boolean {
  if (query.data === undefined) return false;
  return query.isError || (!at.isPaused && at.now - query.dataUpdatedAt > at.maxAgeMs);
}
