/** Artillery's JSON report, of version 2 (counters, rates, summaries, with intermediate periods) and of version 1. */
import { count, finite, isObject, metricOf, MOST_METRICS, MOST_POINTS, NO_FIGURES, positive, ratio, shorten, type Json, type Parsed } from "./parsed.ts";
import type { Figures, Metric, RunPoint, Threshold } from "../schema.ts";

const part = (json: Json, name: string): Json => (isObject(json[name]) ? json[name] : {});
const sumOf = (record: Json, isWanted: (name: string) => boolean): number => Object.entries(record).reduce((sum, [name, value]) => sum + (isWanted(name) ? count(value) : 0), 0);

type Read = { requests: number; errors: number; latency: Json; rate: number | null };

/** Answers of 4xx and 5xx and requests that got none. */
function readPart(json: Json): Read {
  const [counters, summaries, rates] = [part(json, "counters"), part(json, "summaries"), part(json, "rates")];
  if (Object.keys(counters).length > 0 || Object.keys(summaries).length > 0) {
    const bad = sumOf(counters, (name) => /^http\.codes\.[45]\d\d$/.test(name)) + sumOf(counters, (name) => name.startsWith("errors."));
    return { requests: count(counters["http.requests"]), errors: bad, latency: part(summaries, "http.response_time"), rate: positive(rates["http.request_rate"]) };
  }
  const bad = sumOf(part(json, "codes"), (code) => /^[45]\d\d$/.test(code)) + sumOf(part(json, "errors"), () => true);
  return { requests: count(json.requestsCompleted), errors: bad, latency: part(json, "latency"), rate: positive(part(json, "rps").mean) };
}

const latencyOf = (latency: Json, ...names: string[]): number | null => names.map((name) => positive(latency[name])).find((value) => value !== null) ?? null;

function points(json: Json): RunPoint[] {
  const parts = (Array.isArray(json.intermediate) ? (json.intermediate as unknown[]) : []).filter(isObject);
  const timeOf = (row: Json) => finite(row.period) ?? finite(row.firstCounterAt) ?? (typeof row.period === "string" ? finite(Number(row.period)) : null) ?? (typeof row.timestamp === "string" ? finite(Date.parse(row.timestamp)) : null);
  const timed = parts.flatMap((row) => {
    const at = timeOf(row);
    return at === null ? [] : [{ at, ...readPart(row) }];
  }).toSorted((a, b) => a.at - b.at);
  const start = timed[0]?.at ?? 0;
  const every = Math.ceil(timed.length / MOST_POINTS) || 1;
  return timed.filter((_, index) => index % every === 0).map(({ at, requests, errors, latency }) => ({ atMs: at - start, requests, errors, p50: latencyOf(latency, "p50", "median"), p95: latencyOf(latency, "p95") }));
}

/** What `ensure` and `expect` judged, where the report tells. */
function thresholdsOf(json: Json): Threshold[] {
  const checks = Array.isArray(json.checks) ? json.checks : Array.isArray(part(json, "aggregate").checks) ? (part(json, "aggregate").checks as unknown[]) : [];
  return checks.filter(isObject).flatMap((check) => (typeof check.original === "string" ? [{ metric: "ensure", expression: shorten(check.original), ok: check.result === 0 || check.result === true || check.success === true }] : []));
}

function metricsOf(aggregate: Json): { kept: Metric[]; omitted: number } {
  const summaries = Object.entries(part(aggregate, "summaries")).flatMap(([name, values]) => (isObject(values) ? [metricOf(name, "trend", values)] : []));
  const single = (of: string, kind: string) => Object.entries(part(aggregate, of)).map(([name, value]) => metricOf(name, kind, { value }));
  const all = [...summaries, ...single("counters", "counter"), ...single("rates", "rate")];
  return { kept: all.slice(0, MOST_METRICS), omitted: Math.max(0, all.length - MOST_METRICS) };
}

/** Reads a report. */
export function parseArtillery(json: Json): Parsed {
  const aggregate = part(json, "aggregate");
  const { requests, errors, latency, rate } = readPart(aggregate);
  const [first, last] = [finite(aggregate.firstCounterAt) ?? finite(aggregate.firstMetricAt), finite(aggregate.lastCounterAt) ?? finite(aggregate.lastMetricAt)];
  const { kept, omitted } = metricsOf(aggregate);
  const figures: Figures = {
    ...NO_FIGURES,
    requests, errors, rate,
    errorRate: requests === 0 ? null : ratio(Math.min(1, errors / requests)),
    durationMs: first !== null && last !== null && last > first ? last - first : null,
    avg: latencyOf(latency, "mean"), min: latencyOf(latency, "min"), max: latencyOf(latency, "max"),
    p50: latencyOf(latency, "p50", "median"), p90: latencyOf(latency, "p90"), p95: latencyOf(latency, "p95"), p99: latencyOf(latency, "p99"),
  };
  return { format: "artillery", figures, thresholds: thresholdsOf(json), metrics: kept, omittedMetrics: omitted, points: points(json) };
}
