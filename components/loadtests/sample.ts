/** A load test of a shop that does not exist, for looking at the page before the first report. Pure. */
import { DEFAULT_RULES, type Comparison, type Delta, type Figures, type RunDetail, type RunPoint, type RunRow } from "../../server/loadtests/schema.ts";
import type { SampleAnswers } from "../trpc/sample.tsx";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STEPS = 40;
const NOW_FIGURES: Figures = { requests: 36_400, errors: 41, errorRate: 41 / 36_400, rate: 121.3, durationMs: 5 * MINUTE_MS, users: 100, avg: 96, min: 11, p50: 82, p90: 168, p95: 231, p99: 402, max: 1_280 };
const BASE_FIGURES: Figures = { ...NOW_FIGURES, requests: 36_900, errors: 30, errorRate: 30 / 36_900, rate: 123, avg: 84, p50: 76, p90: 149, p95: 198, p99: 371 };

function row(now: number, part: { id: string; figures: Figures; isBaseline: boolean; ageMs: number; commit: string }): RunRow {
  const { ageMs, ...own } = part;
  return { ...own, serviceId: "sample-shop", serviceName: "Sample shop", slug: "sample-shop", scenario: "checkout", profile: "basic", format: "k6-summary", branch: "main", verdict: "passed", reasons: [], receivedAt: new Date(now - ageMs), receivedFrom: "the sample" };
}

const points = (): RunPoint[] =>
  Array.from({ length: STEPS }, (_, step) => {
    const load = Math.min(1, step / 10) * (1 + Math.sin(step / 4) * 0.08);
    return { atMs: (step * 5 * MINUTE_MS) / STEPS, requests: Math.round(930 * load), errors: step % 9 === 0 ? 1 : 0, p50: 40 + 42 * load, p95: 90 + 141 * load };
  });

const delta = (metric: "p50" | "p90" | "p95" | "p99" | "avg" | "errorRate" | "rate", verdict: Delta["verdict"]): Delta => {
  const [base, now] = [BASE_FIGURES[metric], NOW_FIGURES[metric]];
  return { metric, base, now, change: base && now !== null ? (now - base) / base : null, verdict, words: "" };
};

/** The run as its page asks for it. */
export function sampleRun(now: number): RunDetail {
  const run = row(now, { id: "sample", figures: NOW_FIGURES, isBaseline: false, ageMs: 3 * 3_600_000, commit: "5a3b1e0c9d7f" });
  const base = row(now, { id: "sample-base", figures: BASE_FIGURES, isBaseline: true, ageMs: 12 * DAY_MS, commit: "0f9e8d7c6b5a" });
  const comparison: Comparison = { base, now: run, isRegression: true, measure: "p95", deltas: [delta("p50", "same"), delta("p90", "same"), delta("p95", "worse"), delta("p99", "same"), delta("avg", "same"), delta("errorRate", "same"), delta("rate", "same")] };
  const thresholds = [{ metric: "http_req_duration", expression: "p(95)<500", ok: true }, { metric: "http_req_failed", expression: "rate<0.01", ok: true }];
  return { ...run, thresholds, metrics: [{ name: "http_req_duration", kind: "trend", values: { avg: 96, med: 82, "p(95)": 231, "p(99)": 402 } }, { name: "http_reqs", kind: "counter", values: { count: 36_400, rate: 121.3 } }], omittedMetrics: 0, points: points(), comparison };
}

/** What the page of the sample asks. */
export const SAMPLE_ANSWERS: SampleAnswers = {
  "loadtests.list": () => ({ items: [], nextCursor: null }),
  "loadtests.rules": () => ({ serviceId: "sample-shop", rules: DEFAULT_RULES, revision: 0, isDefault: true, updatedAt: null, updatedBy: null }),
};
