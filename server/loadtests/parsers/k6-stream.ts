/**
 * k6's stream of samples (`--out json=…`): one JSON object a line, `Metric` declares a metric with its thresholds, `Point`
 * is one sample. Read line by line in little memory, however long the test was. Thresholds are judged by k6 itself and are
 * not in the stream, so they are kept only by name in the metrics.
 */
import { createQuantiles, type Quantiles } from "./quantiles.ts";
import { finite, isObject, metricOf, MOST_METRICS, MOST_POINTS, NO_FIGURES, positive, shorten, type Json, type Parsed } from "./parsed.ts";
import type { Figures, Metric, RunPoint } from "../schema.ts";

const SECOND_MS = 1_000;
/** Seconds of a test that are kept apart while reading; a longer one is read in wider steps. */
const MOST_SECONDS = 4 * MOST_POINTS;

/** Names of metrics beyond those kept that are told apart. */
const MOST_OMITTED = 10_000;

type Total = { kind: string; count: number; sum: number; min: number; max: number; last: number };
type Step = { requests: number; errors: number; latency: Quantiles };

export type StreamReader = { line: (text: string) => void; finish: () => Parsed };

/** True when a line is one of k6's stream. */
export function isStreamLine(value: unknown): boolean {
  return isObject(value) && (value.type === "Metric" || value.type === "Point") && typeof value.metric === "string" && isObject(value.data);
}

function toMetric(name: string, total: Total): Metric {
  const { kind, count, sum, min, max, last } = total;
  const values: Json = { count, sum, avg: count === 0 ? 0 : sum / count, min, max, value: last, rate: kind === "rate" && count > 0 ? sum / count : null };
  return metricOf(name, kind, values);
}

/** Steps of the test, at most MOST_POINTS, from its first sample on. */
function createSteps() {
  let width = SECOND_MS;
  let first: number | null = null;
  let steps = new Map<number, Step>();
  const widen = () => {
    // Latencies of two steps cannot be split again, so the wider step keeps the first's sketch and both counts.
    width *= 2;
    const wider = new Map<number, Step>();
    for (const [index, step] of steps) {
      const known = wider.get(Math.floor(index / 2));
      if (known) Object.assign(known, { requests: known.requests + step.requests, errors: known.errors + step.errors });
      else wider.set(Math.floor(index / 2), step);
    }
    steps = wider;
  };
  const at = (time: number): Step => {
    first ??= time;
    while ((time - first) / width >= MOST_SECONDS) widen();
    const index = Math.max(0, Math.floor((time - first) / width));
    const step = steps.get(index) ?? { requests: 0, errors: 0, latency: createQuantiles() };
    steps.set(index, step);
    return step;
  };
  const points = (): RunPoint[] => {
    const all = [...steps].toSorted(([a], [b]) => a - b);
    const every = Math.ceil(all.length / MOST_POINTS);
    return all.filter((_, index) => index % every === 0).map(([index, step]) => ({ atMs: index * width, requests: step.requests, errors: step.errors, p50: step.latency.quantile(0.5), p95: step.latency.quantile(0.95) }));
  };
  return { at, points };
}

/** Reads a stream line by line. Lines that are not k6's are skipped: an interrupted test ends in half a line. */
export function createStreamReader(): StreamReader {
  const totals = new Map<string, Total>();
  const latency = createQuantiles();
  const steps = createSteps();
  const omitted = new Set<string>();
  let [from, to] = [Infinity, -Infinity];

  const declare = (name: string, data: Json) => {
    if (totals.has(name)) return;
    if (totals.size >= MOST_METRICS) omitted.add(name.length < 200 && omitted.size < MOST_OMITTED ? name : "");
    else totals.set(name, { kind: typeof data.type === "string" ? shorten(data.type) : "", count: 0, sum: 0, min: Infinity, max: -Infinity, last: 0 });
  };
  const sample = (name: string, data: Json) => {
    const value = finite(data.value);
    const time = typeof data.time === "string" ? Date.parse(data.time) : Number.NaN;
    if (value === null) return;
    // An interrupted writer may lose the line that declares a metric.
    declare(name, {});
    const total = totals.get(name);
    if (total) Object.assign(total, { count: total.count + 1, sum: total.sum + value, min: Math.min(total.min, value), max: Math.max(total.max, value), last: value });
    if (!Number.isFinite(time)) return;
    [from, to] = [Math.min(from, time), Math.max(to, time)];
    if (name === "http_req_duration" && value >= 0) {
      latency.add(value);
      steps.at(time).latency.add(value);
    }
    if (name === "http_reqs") steps.at(time).requests += 1;
    if (name === "http_req_failed" && value > 0) steps.at(time).errors += 1;
  };
  const line = (text: string) => {
    const value = parseLine(text);
    if (!isStreamLine(value)) return;
    const { type, metric, data } = value as { type: string; metric: string; data: Json };
    if (type === "Metric") declare(metric, data);
    else sample(metric, data);
  };
  const finish = (): Parsed => ({
    format: "k6-stream",
    figures: figuresOf(totals, latency, to > from ? to - from : null),
    thresholds: [],
    metrics: [...totals].map(([name, total]) => toMetric(name, total)),
    omittedMetrics: omitted.size,
    points: steps.points(),
  });
  return { line, finish };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function figuresOf(totals: ReadonlyMap<string, Total>, latency: Quantiles, durationMs: number | null): Figures {
  const requests = totals.get("http_reqs")?.count ?? 0;
  const failed = totals.get("http_req_failed");
  const duration = totals.get("http_req_duration");
  const users = totals.get("vus_max") ?? totals.get("vus");
  return {
    ...NO_FIGURES,
    requests,
    errors: failed ? Math.round(failed.sum) : null,
    errorRate: failed && failed.count > 0 ? failed.sum / failed.count : null,
    rate: durationMs ? (requests * SECOND_MS) / durationMs : null,
    durationMs,
    users: users && users.count > 0 ? Math.round(users.max) : null,
    avg: duration && duration.count > 0 ? duration.sum / duration.count : null,
    min: positive(duration?.min),
    max: positive(duration?.max),
    p50: latency.quantile(0.5), p90: latency.quantile(0.9), p95: latency.quantile(0.95), p99: latency.quantile(0.99),
  };
}
