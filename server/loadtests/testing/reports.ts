/** Reports as the tools write them, small. */
export const K6_SUMMARY = {
  root_group: { name: "", path: "", id: "d41d8cd98f00b204e9800998ecf8427e", groups: [], checks: [] },
  options: { summaryTrendStats: ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"], summaryTimeUnit: "", noColor: false },
  state: { isStdOutTTY: true, isStdErrTTY: true, testRunDurationMs: 120_000 },
  metrics: {
    http_req_duration: { type: "trend", contains: "time", values: { avg: 101.2, min: 12.1, med: 88.4, max: 1_240.5, "p(90)": 170.3, "p(95)": 212.7, "p(99)": 480.1 }, thresholds: { "p(95)<500": { ok: true } } },
    http_req_failed: { type: "rate", contains: "default", values: { rate: 0.002, passes: 24, fails: 11_976 }, thresholds: { "rate<0.01": { ok: true } } },
    http_reqs: { type: "counter", contains: "default", values: { count: 12_000, rate: 100 } },
    vus: { type: "gauge", contains: "default", values: { value: 3, min: 3, max: 100 } },
    vus_max: { type: "gauge", contains: "default", values: { value: 100, min: 100, max: 100 } },
  },
};

/** Here a threshold is true when it failed. */
export const K6_EXPORT = {
  metrics: {
    http_req_duration: { avg: 101.2, max: 1_240.5, med: 88.4, min: 12.1, "p(90)": 170.3, "p(95)": 212.7, thresholds: { "p(95)<500": false, "p(90)<100": true } },
    http_req_failed: { passes: 24, fails: 11_976, value: 0.002, thresholds: { "rate<0.01": false } },
    http_reqs: { count: 12_000, rate: 100 },
    vus_max: { value: 100, min: 100, max: 100 },
  },
  root_group: { name: "", path: "", id: "d41d8cd98f00b204e9800998ecf8427e", groups: {}, checks: {} },
};

export const K6_MACHINE = {
  version: "1.0.0",
  config: { duration: 120.5, execution: "local", script: "checkout.js" },
  metadata: { generatedAt: "2027-01-15T12:00:00Z", k6Version: "1.6.0" },
  results: {
    checks: { metrics: [], results: [{ name: "status is 200", passes: 12_000, fails: 0 }] },
    metrics: [
      { name: "http_req_duration", type: "trend", contains: "time", values: { avg: 101.2, min: 12.1, med: 88.4, max: 1_240.5, "p(90)": 170.3, "p(95)": 212.7 } },
      { name: "http_req_failed", type: "rate", contains: "default", values: { matches: 24, rate: 0.002, total: 12_000 } },
      { name: "http_reqs", type: "counter", contains: "default", values: { count: 12_000 } },
      { name: "vus_max", type: "gauge", contains: "default", values: { value: 100, min: 100, max: 100 } },
    ],
  },
};

export const AUTOCANNON = {
  title: "smoke", url: "http://127.0.0.1:3000/health", connections: 10, sampleInt: 1_000, pipelining: 1, workers: 0, duration: 10.02, samples: 10, start: "2027-01-15T11:59:50.000Z", finish: "2027-01-15T12:00:00.020Z",
  errors: 2, timeouts: 1, mismatches: 0, non2xx: 8, resets: 0, "1xx": 0, "2xx": 18_990, "3xx": 0, "4xx": 0, "5xx": 8,
  latency: { average: 5.1, mean: 5.1, stddev: 2.3, min: 1, max: 89, p2_5: 2, p50: 4, p90: 8, p97_5: 12, p99: 16, p99_9: 44, totalCount: 18_998 },
  requests: { average: 1_899.8, mean: 1_899.8, stddev: 80, min: 1_700, max: 2_000, total: 18_998, sent: 19_010 },
  throughput: { average: 240_704, mean: 240_704, stddev: 0, min: 240_684, max: 240_684, total: 2_406_840 },
};

export const ARTILLERY = {
  aggregate: {
    counters: { "vusers.created": 600, "vusers.completed": 590, "http.requests": 1_200, "http.responses": 1_190, "http.codes.200": 1_170, "http.codes.500": 20, "errors.ETIMEDOUT": 10 },
    rates: { "http.request_rate": 20 },
    firstCounterAt: 1_800_000_000_000, lastCounterAt: 1_800_000_060_000,
    summaries: { "http.response_time": { min: 4, max: 910, count: 1_190, mean: 80.4, p50: 62.2, median: 62.2, p75: 90.9, p90: 150.2, p95: 219.2, p99: 510.1, p999: 870 } },
  },
  intermediate: [
    { period: "1800000000000", counters: { "http.requests": 200, "http.codes.500": 2 }, summaries: { "http.response_time": { p50: 60, p95: 200 } }, rates: { "http.request_rate": 20 } },
    { period: "1800000010000", counters: { "http.requests": 200 }, summaries: { "http.response_time": { p50: 64, p95: 230 } }, rates: { "http.request_rate": 20 } },
  ],
};

/** A k6 stream of `samples` requests, one every 100 ms, 10 to 109 ms long, each tenth failed. */
export function k6Stream(samples: number): string {
  const start = Date.parse("2027-01-15T12:00:00Z");
  const point = (metric: string, value: number, index: number) => JSON.stringify({ type: "Point", data: { time: new Date(start + index * 100).toISOString(), value, tags: { status: "200" } }, metric });
  const declare = (metric: string, type: string) => JSON.stringify({ type: "Metric", data: { name: metric, type, contains: "default", thresholds: [], submetrics: null }, metric });
  const lines = [declare("http_reqs", "counter"), declare("http_req_duration", "trend"), declare("http_req_failed", "rate"), declare("vus", "gauge")];
  for (let i = 0; i < samples; i++) lines.push(point("http_reqs", 1, i), point("http_req_duration", 10 + (i % 100), i), point("http_req_failed", i % 10 === 0 ? 1 : 0, i), point("vus", 20, i));
  return `${lines.join("\n")}\n`;
}
