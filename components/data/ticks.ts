/** Round axis values: pure, shared by every chart. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [1000, 5000, 15_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY] as const;

/** A label with the space around it. */
const LABEL_PX = 60;
/** More labels than this say no more. */
const MOST_LABELS = 7;
/** The word "now" and half a label before it. */
const NOW_PX = 40;

/** About `count` round values from zero that cover `highest`, at least `leastStep` apart; the last one is the top of the axis. */
export function valueTicks(highest: number, count = 4, leastStep = 0): number[] {
  const top = Number.isFinite(highest) && highest > 0 ? highest : 1;
  const rough = Math.max(top / count, leastStep);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 1.25, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough * 0.999) ?? 10) * magnitude;
  const ticks = Math.max(1, Math.ceil(top / step - 1e-9));
  return Array.from({ length: ticks + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const KIBIBYTE = 1_024;

/** Like `valueTicks`, round in the binary unit in which the highest value is written. */
export function byteTicks(highest: number, count = 4): number[] {
  const unit = highest >= KIBIBYTE ? KIBIBYTE ** Math.floor(Math.log2(highest) / Math.log2(KIBIBYTE)) : 1;
  return valueTicks(highest / unit, count, unit === 1 ? 1 : 0).map((value) => value * unit);
}

/** Round UTC instants inside a range, as many as `width` pixels hold, leaving room before the end for the word "now". */
export function timeTicks(from: number, to: number, width = 640): number[] {
  const most = Math.min(MOST_LABELS, Math.max(2, Math.floor(width / LABEL_PX)));
  const span = to - from;
  if (!(span > 0)) return [];
  const step = STEPS.find((candidate) => span / candidate <= most) ?? Math.ceil(span / most / DAY) * DAY;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at < to - span * (NOW_PX / width); at += step) ticks.push(at);
  return ticks;
}
