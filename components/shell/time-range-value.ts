/**
 * The time range of a page as it stands in the URL: `?range=24h`, or `?from=…&to=…` for a custom one. Pure: `now` comes
 * from the caller. Ends are rounded to a step that fits the length, so that a query key lives longer than one render.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PRESETS = [
  { key: "5m", ms: 5 * MINUTE, label: "Last 5 min" },
  { key: "15m", ms: 15 * MINUTE, label: "Last 15 min" },
  { key: "1h", ms: HOUR, label: "Last 1 h" },
  { key: "6h", ms: 6 * HOUR, label: "Last 6 h" },
  { key: "24h", ms: DAY, label: "Last 24 h" },
  { key: "7d", ms: 7 * DAY, label: "Last 7 d" },
  { key: "30d", ms: 30 * DAY, label: "Last 30 d" },
  { key: "90d", ms: 90 * DAY, label: "Last 90 d" },
] as const;

export type PresetKey = (typeof PRESETS)[number]["key"];
const DEFAULT_KEY: PresetKey = "24h";

/** A chart has about this many points, so its end need not move more often than once a point. */
const STEPS = 240;
const MIN_STEP_MS = 5_000;

export type TimeRange = {
  key: PresetKey | "custom";
  label: string;
  from: Date;
  to: Date;
  durationMs: number;
  /** True when the end moves with the clock. */
  isLive: boolean;
};

/** Pages whose charts follow the range: the overview, a service, queues and one queue, limits, the coverage of a service. */
const RANGED = /^\/(?:services\/[^/]+|queues|queues\/(?!operations\/)[^/]+\/[^/]+|limits|coverage\/[^/]+)?$/;

/** True for a page on which a time range changes something. */
export const hasTimeRange = (path: string): boolean => RANGED.test(path);

/** How often the end of a range of this length moves, in milliseconds. */
export function stepOf(durationMs: number): number {
  return Math.max(MIN_STEP_MS, Math.floor(durationMs / STEPS));
}

const two = (value: number): string => String(value).padStart(2, "0");
const stamp = (date: Date): string => `${date.toISOString().slice(0, 10)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

function customRange(fromText: string | null, toText: string | null): TimeRange | null {
  const from = new Date(fromText ?? "");
  const to = new Date(toText ?? "");
  const durationMs = to.getTime() - from.getTime();
  if (!Number.isFinite(durationMs) || durationMs <= 0) return null;
  return { key: "custom", label: `${stamp(from)} to ${stamp(to)}`, from, to, durationMs, isLive: false };
}

/** Reads the range; anything it cannot read is the last 24 hours. */
export function parseTimeRange(search: { get(name: string): string | null }, now: number): TimeRange {
  const custom = customRange(search.get("from"), search.get("to"));
  if (custom) return custom;
  const preset = PRESETS.find((entry) => entry.key === search.get("range")) ?? PRESETS.find((entry) => entry.key === DEFAULT_KEY)!;
  const step = stepOf(preset.ms);
  const to = Math.ceil(now / step) * step;
  return { key: preset.key, label: preset.label, from: new Date(to - preset.ms), to: new Date(to), durationMs: preset.ms, isLive: true };
}

/** Writes the range into a copy of the search parameters; the default leaves none. */
export function withTimeRange(search: URLSearchParams, next: { key: PresetKey } | { from: Date; to: Date }): URLSearchParams {
  const out = new URLSearchParams(search);
  for (const name of ["range", "from", "to"]) out.delete(name);
  if ("key" in next) {
    if (next.key !== DEFAULT_KEY) out.set("range", next.key);
  } else {
    out.set("from", next.from.toISOString());
    out.set("to", next.to.toISOString());
  }
  return out;
}
