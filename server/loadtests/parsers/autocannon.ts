/**
 * autocannon's JSON result. It tells no 95th percentile; its 97.5th stands for it, which is never smaller, so a gate is
 * never passed by it that the true figure would fail. Errors are failed connections, time-outs and answers that are not 2xx.
 */
import { count, finite, isObject, metricOf, NO_FIGURES, positive, ratio, type Json, type Parsed } from "./parsed.ts";

const SECOND_MS = 1_000;
const COUNTED = ["1xx", "2xx", "3xx", "4xx", "5xx", "non2xx", "errors", "timeouts", "mismatches", "resets"];

const part = (json: Json, name: string): Json => (isObject(json[name]) ? json[name] : {});

/** Reads a result. */
export function parseAutocannon(json: Json): Parsed {
  const [latency, requests, throughput] = [part(json, "latency"), part(json, "requests"), part(json, "throughput")];
  const answered = count(requests.total);
  // Time-outs are among the errors, so they are not counted again.
  const lost = count(json.errors);
  const errors = lost + count(json.non2xx);
  const all = answered + lost;
  const duration = positive(json.duration);
  const of = (name: string) => (answered === 0 ? null : positive(latency[name]));
  return {
    format: "autocannon",
    figures: {
      ...NO_FIGURES,
      requests: all,
      errors,
      errorRate: all === 0 ? null : ratio(errors / all),
      rate: positive(requests.average) ?? (duration ? answered / duration : null),
      durationMs: duration === null ? null : duration * SECOND_MS,
      users: finite(json.connections) === null ? null : count(json.connections),
      avg: of("average"), min: of("min"), p50: of("p50"), p90: of("p90"), p95: of("p95") ?? of("p97_5"), p99: of("p99"), max: of("max"),
    },
    thresholds: [],
    metrics: [
      metricOf("latency", "trend", latency),
      metricOf("requests", "trend", requests),
      metricOf("throughput", "trend", throughput),
      metricOf("answers", "counter", Object.fromEntries(COUNTED.map((name) => [name, json[name]]))),
    ],
    omittedMetrics: 0,
    points: [],
  };
}
