/**
 * What one measure says about one file: a list of points sorted by line, each with a count of hits. Lines appear once;
 * a line may hold several branches, functions or statements, which keep the order in which the report names them. Two
 * reports of one file are joined point by point, and the larger count wins, so joining a report with itself changes nothing.
 */

/** Beyond this no source file goes; larger numbers are damage. */
export const MOST_LINE = 10_000_000;
const FIRST_CAPACITY = 256;

/** A growing list of (line, hits), in two flat arrays. */
export type Points = { at: Int32Array; hits: Int32Array; length: number; isSorted: boolean };

export function newPoints(): Points {
  return { at: new Int32Array(FIRST_CAPACITY), hits: new Int32Array(FIRST_CAPACITY), length: 0, isSorted: true };
}

/** Forgets the points and keeps the room. */
export function clearPoints(points: Points): void {
  points.length = 0;
  points.isSorted = true;
}

function grow(points: Points): void {
  const at = new Int32Array(points.at.length * 2);
  const hits = new Int32Array(points.hits.length * 2);
  at.set(points.at);
  hits.set(points.hits);
  points.at = at;
  points.hits = hits;
}

/** Adds a point. `hits` must be 0 or more. */
export function addPoint(points: Points, line: number, hits: number): void {
  const { length } = points;
  if (length === points.at.length) grow(points);
  points.at[length] = line;
  points.hits[length] = hits;
  if (length > 0 && line <= points.at[length - 1]!) points.isSorted = false;
  points.length = length + 1;
}

/** Sorts by line, keeping the order within a line; with `isUnique` one point a line, the hits added up. */
export function settle(points: Points, isUnique: boolean): void {
  if (points.isSorted) return;
  const { at, hits, length } = points;
  const order = Array.from({ length }, (_, index) => index).sort((a, b) => at[a]! - at[b]! || a - b);
  const oldAt = at.slice(0, length);
  const oldHits = hits.slice(0, length);
  let kept = 0;
  for (const index of order) {
    const line = oldAt[index]!;
    if (isUnique && kept > 0 && at[kept - 1] === line) {
      hits[kept - 1] = Math.min(hits[kept - 1]! + oldHits[index]!, 0x7fffffff);
      continue;
    }
    at[kept] = line;
    hits[kept] = oldHits[index]!;
    kept += 1;
  }
  points.length = kept;
  points.isSorted = true;
}

/** How many points there are and how many were hit. */
export function countPoints(points: Points): { covered: number; total: number } {
  let covered = 0;
  for (let i = 0; i < points.length; i++) if (points.hits[i]! > 0) covered += 1;
  return { covered, total: points.length };
}

/** End of the run of points on the line at `from`. */
function endOfLine(points: Points, from: number): number {
  let end = from + 1;
  while (end < points.length && points.at[end] === points.at[from]) end += 1;
  return end;
}

/** Joins two sorted lists; on a line that both name, the first branch meets the first, and so on. */
export function mergePoints(a: Points, b: Points): Points {
  const out = newPoints();
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const line = Math.min(i < a.length ? a.at[i]! : MOST_LINE + 1, j < b.length ? b.at[j]! : MOST_LINE + 1);
    const endA = i < a.length && a.at[i] === line ? endOfLine(a, i) : i;
    const endB = j < b.length && b.at[j] === line ? endOfLine(b, j) : j;
    const count = Math.max(endA - i, endB - j);
    for (let k = 0; k < count; k++) {
      const left = i + k < endA ? a.hits[i + k]! : 0;
      const right = j + k < endB ? b.hits[j + k]! : 0;
      addPoint(out, line, Math.max(left, right));
    }
    i = endA;
    j = endB;
  }
  out.isSorted = true;
  return out;
}
