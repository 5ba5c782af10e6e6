/** What each load test does, for autocannon. The k6 scripts do the same. */

export type LoadScenario = {
  name: string;
  profile: "smoke" | "basic" | "soak" | "spike" | "stress" | "extreme" | "custom";
  connections: number;
  /** Seconds; a smoke run takes `smokeSeconds`. */
  seconds: number;
  smokeSeconds: number;
  /** Requests a second over all connections, when the rate is what is tested. */
  rate?: number;
  requests: readonly { method: "GET" | "POST"; path: string; body?: string; isPublic?: boolean }[];
  /** Bounds of the run: milliseconds at the 97.5th percentile, and the share that may fail. */
  maxP97Ms: number;
  maxFailed: number;
};

const HOUR_S = 3_600;
const read = (path: string) => ({ method: "GET" as const, path: `/api/v1${path}` });
const open = (path: string) => ({ method: "GET" as const, path, isPublic: true });

/** A small k6 summary, as large as real ones. */
const REPORT = JSON.stringify({
  state: { testRunDurationMs: 10_000 },
  metrics: Object.fromEntries(["http_req_duration", "http_req_waiting", "http_req_sending"].map((name) => [name, { type: "trend", values: { avg: 10, min: 1, med: 9, max: 90, "p(90)": 20, "p(95)": 30 } }]).concat([["http_reqs", { type: "counter", values: { count: 1_000, rate: 100 } }], ["http_req_failed", { type: "rate", values: { rate: 0, passes: 0, fails: 1_000 } }]] as never)),
});

export const SCENARIOS: readonly LoadScenario[] = [
  { name: "baseline", profile: "smoke", connections: 10, seconds: 60, smokeSeconds: 3, requests: [read("/services?limit=20"), read("/services/summary"), read("/queues/summary"), read("/readiness/summary")], maxP97Ms: 500, maxFailed: 0.01 },
  { name: "basic", profile: "basic", connections: 100, seconds: 300, smokeSeconds: 3, requests: [open("/health/live"), open("/health/status")], maxP97Ms: 500, maxFailed: 0.01 },
  { name: "stress", profile: "stress", connections: 400, seconds: 120, smokeSeconds: 3, requests: [open("/health/live")], maxP97Ms: 10_000, maxFailed: 0.05 },
  { name: "spike", profile: "spike", connections: 450, seconds: 30, smokeSeconds: 3, requests: [open("/health/live")], maxP97Ms: 10_000, maxFailed: 0.05 },
  { name: "spike-rps", profile: "extreme", connections: 200, seconds: 10, smokeSeconds: 3, rate: 1_000, requests: [open("/health/live")], maxP97Ms: 10_000, maxFailed: 0.05 },
  { name: "sustained", profile: "custom", connections: 100, seconds: 600, smokeSeconds: 3, rate: 500, requests: [open("/health/live")], maxP97Ms: 500, maxFailed: 0.01 },
  { name: "pool", profile: "custom", connections: 200, seconds: 60, smokeSeconds: 3, requests: [read("/services?limit=100"), read("/readiness?limit=100"), read("/coverage?limit=100"), read("/access/audit?limit=100")], maxP97Ms: 10_000, maxFailed: 0.05 },
  { name: "soak", profile: "soak", connections: 100, seconds: 2 * HOUR_S, smokeSeconds: 3, rate: 200, requests: [open("/health/live"), open("/health/status")], maxP97Ms: 500, maxFailed: 0.01 },
  { name: "upload", profile: "smoke", connections: 10, seconds: 60, smokeSeconds: 3, requests: [{ method: "POST", path: "/api/v1/loadtests/reports?service=seaworthy&scenario=upload-target", body: REPORT }], maxP97Ms: 5_000, maxFailed: 0.05 },
  { name: "status", profile: "smoke", connections: 50, seconds: 60, smokeSeconds: 3, rate: 100, requests: [open("/health/status")], maxP97Ms: 200, maxFailed: 0.01 },
  { name: "queue", profile: "smoke", connections: 20, seconds: 60, smokeSeconds: 3, requests: [{ method: "POST", path: "/api/v1/services/seaworthy/readiness/evaluate", body: "{}" }], maxP97Ms: 5_000, maxFailed: 0.05 },
];
