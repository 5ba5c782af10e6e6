/** Percentages and points in words, always cut to the side that does not flatter. */

/** Below this a difference comes from arithmetic. */
export const EPSILON = 1e-9;

/** Value minus limit, in points. */
export const gapOf = (value: number, limit: number): number => value - limit;

/** "84.2 %": cut, not rounded, so that 84.96 never reads as 85. */
export function inPercent(value: number): string {
  return `${(Math.floor(value * 10 + EPSILON) / 10).toFixed(1)} %`;
}

/** "0.8 points", "1 point"; at least 0.1 when there is a difference. */
export function inPoints(value: number): string {
  const tenths = Math.ceil(value * 10 - EPSILON) / 10;
  const text = Number.isInteger(tenths) ? String(tenths) : tenths.toFixed(1);
  return `${text} ${text === "1" ? "point" : "points"}`;
}
