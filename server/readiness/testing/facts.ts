/** Facts of a service that is well in every way; tests take something away. */
import type { BackupFacts } from "../../backups/queries/index.ts";
import type { CheckFacts, ServiceFacts } from "../../services/queries/index.ts";
import { DEFAULT_GATE } from "../../coverage/schema/index.ts";
import type { Facts, Observation, ObservedKind } from "../facts.ts";

export const NOW = new Date("2027-01-15T12:00:00Z");
const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

export function check(facts: Partial<CheckFacts> = {}): CheckFacts {
  return {
    id: "chk_1", kind: "http", name: "/health/ready", url: "https://pay.example.com/health/ready", intervalSeconds: 30, failuresBeforeDown: 2, isPaused: false, state: "up", isStale: false,
    lastResultAt: ago(10_000), lastLatencyMs: 80, lastMessage: "200 in 80 ms", certificateExpiresAt: new Date(NOW.getTime() + 60 * DAY_MS), maxLatencyMs: null, ignoresCertificateErrors: false, plainCredentials: [],
    ...facts,
  };
}

export function service(facts: Partial<ServiceFacts> = {}): ServiceFacts {
  const links = ["Docs", "Runbook", "Pipeline", "Dashboard", "Errors", "Logs"].map((label) => ({ label, url: `https://${label.toLowerCase()}.example.com/pay` }));
  return {
    id: "svc_1", name: "Payments API", slug: "payments-api", description: "Takes card payments and settles them.", domain: "Payments", tier: 1, environment: "production", owner: "Payments",
    repositoryUrl: "https://git.example.com/pay", links, tags: ["pci"], isSelf: false, createdAt: ago(100 * DAY_MS), updatedAt: ago(DAY_MS), state: "up", stateSince: ago(DAY_MS), stateReason: "",
    checks: [check(), check({ id: "chk_2", name: "/health/live", url: "https://pay.example.com/health/live" }), check({ id: "chk_3", kind: "postgres", name: "payments-primary", url: null, certificateExpiresAt: null })],
    components: [{ name: "postgres", verdict: "up", detail: "3 ms", observedAt: ago(DAY_MS), lastSeenAt: ago(10_000), isGone: false }],
    uptime7d: { ratio: 1, knownShare: 1 }, uptime30d: { ratio: 0.9999, knownShare: 1 },
    latency1d: { p50: 40, p95: 120, p99: 300, count: 5_000 }, latency7d: { p50: 40, p95: 118, p99: 290, count: 30_000 },
    falls7d: 0, longestOutageMs: 0, lastDownAt: null,
    ...facts,
  };
}

/** A plan that ran an hour ago into a bucket, and was drilled. */
export function backup(facts: Partial<BackupFacts> = {}): BackupFacts {
  return {
    serviceId: "svc_1", planId: "pln_1", name: "payments-db", slug: "payments-db", at: NOW, createdAt: ago(90 * DAY_MS), isLive: true, isPaused: false, isEncrypted: true, rpoMinutes: 360, allowedAgeMs: 7 * 3_600_000, drillPeriodMs: 34 * DAY_MS,
    good: { runId: "run_2", dataAsOf: ago(3_600_000), isEncrypted: true, copies: 2, offSite: ["S3 eu-north-1"] },
    verified: { dataAsOf: ago(5 * 3_600_000), verifiedAt: ago(4 * 3_600_000) },
    lastDrill: { state: "passed", at: ago(4 * 3_600_000) },
    ...facts,
  };
}

const PERCENT = { lines: 91, branches: 84, functions: 92, statements: 91 };

const HEADERS = {
  "strict-transport-security": "max-age=31536000; includeSubDomains", "x-content-type-options": "nosniff", "content-security-policy": "default-src 'self'; frame-ancestors 'none'", "referrer-policy": "no-referrer", server: "edge",
};

function observation(kind: ObservedKind, url: string, facts: Partial<Observation> = {}): Observation {
  return { kind, url, answered: true, status: 200, detail: {}, observedAt: ago(3_600_000), ...facts };
}

export function facts(part: Partial<Facts> = {}): Facts {
  const own = part.service ?? service();
  const link = (kind: ObservedKind, label: string) => observation(kind, own.links.find((each) => each.label === label)?.url ?? "");
  return {
    service: own,
    observed: {
      headers: observation("headers", "https://pay.example.com/health/ready", { detail: HEADERS }),
      redirect: observation("redirect", "http://pay.example.com/health/ready", { status: 301, detail: { location: "https://pay.example.com/health/ready" } }),
      repository: observation("repository", own.repositoryUrl ?? ""),
      docs: link("docs", "Docs"), runbook: link("runbook", "Runbook"), pipeline: link("pipeline", "Pipeline"), dashboard: link("dashboard", "Dashboard"), errors: link("errors", "Errors"), logs: link("logs", "Logs"),
    },
    load: {
      runs: 3,
      latest: { id: "ltr_1", scenario: "checkout", profile: "spike", verdict: "passed", reasons: [], at: ago(2 * DAY_MS), commit: "a".repeat(40), branch: "main", errorRate: 0.001, requests: 90_000 },
      highestPassed: { id: "ltr_1", scenario: "checkout", profile: "spike", users: 500, at: ago(2 * DAY_MS) },
      regression: { runId: "ltr_1", isRegression: false, words: "p95 180 ms → 184 ms, within bounds", at: ago(2 * DAY_MS) },
    },
    coverage: {
      serviceId: own.id, slug: own.slug, gate: DEFAULT_GATE, expectedFlags: ["unit", "integration", "e2e"],
      latest: {
        commit: "a".repeat(40), branch: "main", pushedAt: ago(DAY_MS), percent: PERCENT, outcome: "pass", verdict: { outcome: "pass", findings: [], reasons: [] } as never, missing: [], url: "/coverage/payments-api?commit=a",
        flags: ["unit", "integration", "e2e"].map((flag) => ({ flag, percent: PERCENT, pushedAt: ago(DAY_MS), isCarried: false })),
      },
      tests: { tests: 900, passed: 895, failed: 0, skipped: 5, flaky: 2, durationMs: 60_000, isGreen: true, flags: [{ flag: "unit", isGreen: true, at: ago(DAY_MS) }] } as never,
    },
    backups: [backup({ serviceId: own.id })],
    lists: [],
    answers: new Map(),
    console: null,
    ...part,
  };
}
