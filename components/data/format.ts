/**
 * Figures as people read them: every figure carries its unit, thousands are
 * grouped, percentages never round up to a round 100. Pure, no locale of the
 * machine: pages rendered on the server and in the browser agree.
 */

const GROUP = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 1300 → "1,300"; fractions are rounded. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? GROUP.format(value) : "–";
}

/** 1310 → "1.3k", 241000 → "241k", 48211904 → "48.2M". */
export function formatShortCount(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return "–";
  if (size < 1000) return String(Math.round(value));
  const units = [
    ["k", 1e3],
    ["M", 1e6],
    ["G", 1e9],
  ] as const;
  for (const [unit, factor] of units) {
    const scaled = value / factor;
    if (Math.abs(scaled) < 99.95) return `${trimZeros(scaled.toFixed(1))}${unit}`;
    if (Math.abs(scaled) < 999.5) return `${Math.round(scaled)}${unit}`;
  }
  return `${Math.round(value / 1e9)}G`;
}

/** A plain number with at most `digits` decimals, grouped: (1234.5, 1) → "1,234.5". */
export function formatNumber(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);
}

/**
 * A ratio of 0 to 1 as a percentage: 0.9998 → "99.98 %", 1 → "100 %".
 * Anything below 1 stays below 100 %, however close, and above 0 stays above 0 %.
 */
export function formatPercent(ratio: number | null, digits = 2): string {
  if (ratio === null || !Number.isFinite(ratio)) return "–";
  const factor = 10 ** digits;
  const scaled = ratio * 100 * factor;
  let rounded = Math.round(scaled) / factor;
  if (ratio < 1 && rounded >= 100) rounded = Math.floor(100 * factor - 1) / factor;
  if (ratio > 0 && rounded <= 0) rounded = 1 / factor;
  return `${rounded === 100 || rounded === 0 ? rounded : rounded.toFixed(digits)} %`;
}

/** Bytes in binary units: 2083059138 → "1.94 GiB", 812 → "812 B". */
export function formatSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  let digits = 0;
  if (unit > 0 && value < 10) digits = 2;
  else if (unit > 0 && value < 100) digits = 1;
  return `${bytes < 0 ? "−" : ""}${value.toFixed(digits)} ${units[unit]}`;
}

/** (3, "service") → "3 services"; the plural can be given: (2, "entry", "entries"). */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

/** "07:06:12" in UTC; without seconds when `seconds` is false. */
export function formatClock(date: Date, seconds = true): string {
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return seconds ? `${clock}:${two(date.getUTCSeconds())}` : clock;
}

/** "17 Nov" in UTC. */
export function formatDay(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** "17 Nov 2026 07:06:12 UTC". */
export function formatUtc(date: Date): string {
  return `${formatDay(date)} ${date.getUTCFullYear()} ${formatClock(date)} UTC`;
}

function trimZeros(text: string): string {
  return text.replace(/\.0$/, "");
}
