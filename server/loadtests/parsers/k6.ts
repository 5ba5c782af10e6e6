/**
 * The three JSON summaries of k6. `handleSummary` data (values under `values`, thresholds as `{ ok }`), the older
 * `--summary-export` (values directly under the metric, thresholds as booleans that are true when they FAILED), and the
 * machine-readable summary 1.0 (metrics as a list, rates as matches of total, no thresholds; duration in seconds).
 */
import { NO_FIGURES, MOST_METRICS, count, finite, isObject, keepThresholds, metricOf, positive, ratio, type Json, type Parsed } from "./parsed.ts";
import type { Figures, Format, Threshold } from "../schema.ts";

type Known = { kind: unknown; values: Json; thresholds: Threshold[] };
type Metrics = Map<string, Known>;
/** Metrics of a report: the first ones, and later ones that figures or thresholds need; the rest is counted. */
type Collected = { metrics: Metrics; omitted: number };

const SECOND_MS = 1_000;

/** A trend's figures; k6 calls the median `med`. */
function trend(values: Json | undefined): Partial<Figures> {
  if (!values) return {};
  const of = (name: string) => positive(values[name]);
  return { avg: of("avg"), min: of("min"), p50: of("med") ?? of("p(50)"), p90: of("p(90)"), p95: of("p(95)"), p99: of("p(99)"), max: of("max") };
}

/** Failed requests: k6's rate counts what is true, and `http_req_failed` is true for a failure. */
function failures(values: Json | undefined, requests: number): { errors: number | null; errorRate: number | null } {
  if (!values) return { errors: null, errorRate: null };
  const failed = positive(values.matches) ?? positive(values.passes);
  const rate = ratio(values.rate) ?? ratio(values.value) ?? (failed !== null && requests > 0 ? ratio(failed / requests) : null);
  return { errors: failed ?? (rate === null ? null : Math.round(rate * requests)), errorRate: rate };
}

/** Without HTTP metrics (gRPC, browser, own protocols) iterations stand for requests. */
const DURATIONS = ["http_req_duration", "grpc_req_duration", "ws_session_duration", "iteration_duration"];
const COUNTS = ["http_reqs", "grpc_reqs", "ws_sessions", "iterations"];

function figuresOf(metrics: Metrics, durationMs: number | null): Figures {
  const valuesOf = (name: string) => metrics.get(name)?.values;
  const counted = COUNTS.map(valuesOf).find((values) => values !== undefined && count(values.count) > 0);
  const requests = count(counted?.count);
  const duration = requests === 0 ? undefined : DURATIONS.map(valuesOf).find((values) => values !== undefined);
  const users = [valuesOf("vus_max"), valuesOf("vus")].flatMap((values) => (values ? [positive(values.max), positive(values.value)] : [])).filter((value) => value !== null);
  const rate = positive(counted?.rate) ?? (durationMs && durationMs > 0 ? (requests * SECOND_MS) / durationMs : null);
  return { ...NO_FIGURES, requests, rate, durationMs, users: users.length > 0 ? Math.round(Math.max(...users)) : null, ...trend(duration), ...failures(valuesOf("http_req_failed"), requests) };
}

const NEEDED = new Set([...DURATIONS, ...COUNTS, "http_req_failed", "vus", "vus_max"]);

function collect(into: Collected, name: string, read: () => Known): void {
  const known = into.metrics.size < MOST_METRICS || NEEDED.has(name) ? read() : null;
  if (known) into.metrics.set(name, known);
  else into.omitted += 1;
}

function finish(format: Format, { metrics, omitted }: Collected, durationMs: number | null): Parsed {
  const all = [...metrics];
  return {
    format,
    figures: figuresOf(metrics, durationMs),
    thresholds: keepThresholds(all.flatMap(([, known]) => known.thresholds)),
    metrics: all.slice(0, MOST_METRICS).map(([name, known]) => metricOf(name, known.kind, known.values)),
    omittedMetrics: omitted + Math.max(0, all.length - MOST_METRICS),
    points: [],
  };
}

function thresholdsOf(metric: string, raw: unknown, isOk: (value: unknown) => boolean): Threshold[] {
  return isObject(raw) ? Object.entries(raw).map(([expression, value]) => ({ metric, expression, ok: isOk(value) })) : [];
}

/** Data of `handleSummary`. */
export function parseK6Summary(json: Json): Parsed {
  const collected: Collected = { metrics: new Map(), omitted: 0 };
  const all = isObject(json.metrics) ? json.metrics : {};
  for (const name of Object.keys(all)) {
    const raw = all[name];
    if (isObject(raw)) collect(collected, name, () => ({ kind: raw.type, values: isObject(raw.values) ? raw.values : {}, thresholds: thresholdsOf(name, raw.thresholds, (value) => isObject(value) && value.ok === true) }));
  }
  const state = isObject(json.state) ? json.state : {};
  return finish("k6-summary", collected, positive(state.testRunDurationMs));
}

/** The kind of a metric whose export does not say it. */
function kindOf(values: Json): string {
  if (finite(values.avg) !== null || finite(values["p(95)"]) !== null) return "trend";
  if (finite(values.passes) !== null) return "rate";
  return finite(values.count) === null ? "gauge" : "counter";
}

/** The file of `--summary-export`; a threshold is true there when it failed. */
export function parseK6Export(json: Json): Parsed {
  const collected: Collected = { metrics: new Map(), omitted: 0 };
  const all = isObject(json.metrics) ? json.metrics : {};
  for (const name of Object.keys(all)) {
    const raw = all[name];
    if (!isObject(raw)) continue;
    collect(collected, name, () => {
      const { thresholds, ...values } = raw;
      return { kind: kindOf(values), values, thresholds: thresholdsOf(name, thresholds, (value) => value === false) };
    });
  }
  const requests = collected.metrics.get("http_reqs")?.values ?? collected.metrics.get("iterations")?.values;
  const [total, rate] = [positive(requests?.count), positive(requests?.rate)];
  return finish("k6-export", collected, total !== null && rate ? (total / rate) * SECOND_MS : null);
}

/** The machine-readable summary, schema 1. */
export function parseK6Machine(json: Json): Parsed {
  const results = isObject(json.results) ? json.results : {};
  const collected: Collected = { metrics: new Map(), omitted: 0 };
  for (const raw of Array.isArray(results.metrics) ? (results.metrics as unknown[]) : []) {
    if (!isObject(raw) || typeof raw.name !== "string") continue;
    collect(collected, raw.name, () => ({ kind: raw.type, values: isObject(raw.values) ? raw.values : {}, thresholds: [] }));
  }
  const duration = positive(isObject(json.config) ? json.config.duration : null);
  return finish("k6-machine", collected, duration === null ? null : duration * SECOND_MS);
}
