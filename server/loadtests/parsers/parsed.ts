/** What every format is read into, and how its numbers are taken: a figure that is no finite number is not told. */
import type { Figures, Format, Metric, RunPoint, Threshold } from "../schema.ts";

export type Parsed = {
  format: Format;
  figures: Figures;
  thresholds: Threshold[];
  metrics: Metric[];
  /** Metrics beyond the first MOST_METRICS. */
  omittedMetrics: number;
  points: RunPoint[];
};

/** Metrics of a report that are kept; k6 itself has some thirty, and tags multiply them. */
export const MOST_METRICS = 300;
/** Values of one metric that are kept. */
const MOST_VALUES = 40;
const MOST_THRESHOLDS = 200;
const NAME_CHARACTERS = 200;
/** Points over time that are kept: a chart is some 900 px wide. */
export const MOST_POINTS = 300;
/** Larger figures mean that a counter broke: a century in milliseconds, and more requests than anybody sends. */
const ABSURD = 1e13;

export type Json = Record<string, unknown>;

/** True for an object that is no list. */
export const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** A finite number of sensible size; null for anything else: Infinity, NaN, text, absurd counts. */
export function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && Math.abs(value) < ABSURD ? value : null;
}

/** Like `finite`, and not negative. */
export function positive(value: unknown): number | null {
  const number = finite(value);
  return number === null || number < 0 ? null : number;
}

/** A count: whole and not negative; 0 when it is not told. */
export const count = (value: unknown): number => Math.round(positive(value) ?? 0);

export const NO_FIGURES: Figures = { requests: 0, errors: null, errorRate: null, rate: null, durationMs: null, users: null, avg: null, min: null, p50: null, p90: null, p95: null, p99: null, max: null };

/** A ratio between 0 and 1; null for anything else. */
export function ratio(value: unknown): number | null {
  const number = positive(value);
  return number === null || number > 1 ? null : number;
}

export const shorten = (text: string): string => text.slice(0, NAME_CHARACTERS);

/** Keeps the finite values of one metric, in a record without a prototype's names. */
export function metricOf(name: string, kind: unknown, values: Json): Metric {
  const kept = Object.entries(values).flatMap(([key, value]) => {
    const number = finite(value);
    return number === null || key === "__proto__" ? [] : [[shorten(key), number] as const];
  });
  return { name: shorten(name), kind: typeof kind === "string" ? shorten(kind) : "", values: Object.fromEntries(kept.slice(0, MOST_VALUES)) };
}

/** The first thresholds of a report. */
export const keepThresholds = (thresholds: Threshold[]): Threshold[] => thresholds.slice(0, MOST_THRESHOLDS).map(({ metric, expression, ok }) => ({ metric: shorten(metric), expression: shorten(expression), ok }));
