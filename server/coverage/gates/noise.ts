/**
 * How far coverage moves by itself: tests with races, random inputs or clocks reach other lines on other days. The band is
 * learned from how far each commit lies off the middle of its two neighbours, which steady growth leaves alone: 1.4826 times
 * the median of these distances estimates their ordinary spread and is not moved by a few large ones (Hampel 1974).
 */

/** Fewer commits teach nothing. */
const FEWEST = 8;
/** Of older commits the present says nothing. */
const MOST = 50;
/** From a median to the standard deviation of a normal spread. */
const TO_DEVIATION = 1.4826;
/** Two deviations hold 95 of 100 ordinary steps. */
const DEVIATIONS = 2;
/** A larger band would hide real falls. */
const MOST_POINTS = 0.8;

/** The band in points, from percentages in order of time; 0 while too little is known. */
export function noiseBand(history: readonly number[]): number {
  const recent = history.slice(-MOST);
  const steps = recent.slice(1, -1).map((value, index) => Math.abs(value - (recent[index]! + recent[index + 2]!) / 2));
  if (steps.length < FEWEST) return 0;
  const sorted = steps.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
  return Math.min(MOST_POINTS, DEVIATIONS * TO_DEVIATION * median);
}
