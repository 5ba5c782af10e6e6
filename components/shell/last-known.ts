/**
 * Answers that are not of now: while the console's database is away, reads answer with the last known facts and carry
 * their time. Here that mark is read from whatever shape a query keeps.
 */

/** As of when the facts are, and since when the database is away. */
export type LastKnownMark = { at: Date; since: Date };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The mark of an answer, or of the first page of a list; null for facts of now. */
export function lastKnownOf(data: unknown): LastKnownMark | null {
  if (!isRecord(data)) return null;
  const first: unknown = Array.isArray(data.pages) ? data.pages[0] : data;
  const mark = isRecord(first) ? first.lastKnown : null;
  return isRecord(mark) && mark.at instanceof Date && mark.since instanceof Date ? { at: mark.at, since: mark.since } : null;
}
