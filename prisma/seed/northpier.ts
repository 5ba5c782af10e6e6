/** The services of Northpier, the company of the demo: a shop with payments, on a bad morning. */
import { HOUR_MS } from "../../server/platform/clock.ts";
import type { State } from "../../server/services/schema.ts";

export type DemoCheck = {
  kind: "http" | "postgres" | "tcp";
  name: string;
  /** Path of an HTTP check, host of another. */
  path: string;
  message?: string;
  state?: State;
  certificateDays?: number;
};

export type DemoService = {
  name: string;
  slug: string;
  description?: string;
  owner: string;
  domain: string;
  tier: number;
  environment: string;
  tags: string[];
  /** Typical latency. */
  latencyMs: number;
  state: State;
  reason: string;
  checks: DemoCheck[];
};

const http = (path: string, message: string, more: Partial<DemoCheck> = {}): DemoCheck => ({ kind: "http", name: path, path, message, ...more });

type Facts = [name: string, owner: string, domain: string, tier: number, latencyMs: number, tags: string[]];

function healthy([name, owner, domain, tier, latencyMs, tags]: Facts): DemoService {
  const slug = name.toLowerCase().replaceAll(" ", "-");
  const message = `200 in ${Math.round(latencyMs * 0.7)} ms`;
  return { name, slug, owner, domain, tier, environment: "production", tags, latencyMs, state: "up", reason: "", checks: [http("/health/ready", message, { certificateDays: 40 + latencyMs })] };
}

const REFUSED = "connection refused";

export const NORTHPIER: DemoService[] = [
  {
    ...healthy(["Payments API", "Payments", "Payments", 1, 87, ["pci", "node"]]),
    description: "Takes card payments and settles them every night.",
    state: "down",
    reason: `payments-primary:5432: ${REFUSED}`,
    checks: [
      http("/health/ready", "503, expected 200-299: reports itself down: postgres-primary down", { state: "down", certificateDays: 74 }),
      http("/v1/payments/probe", "503, expected 200-299", { state: "down", certificateDays: 74 }),
      { kind: "postgres", name: "payments-primary:5432", path: "payments-primary.northpier.dev:5432", message: REFUSED, state: "down" },
      { kind: "tcp", name: "card gateway", path: "gateway.cards.example", message: "connected in 12 ms" },
    ],
  },
  {
    ...healthy(["Search", "Discovery", "Catalogue", 2, 210, ["opensearch"]]),
    description: "Finds products as people type.",
    state: "degraded",
    reason: "/v1/search?q=probe: slower than 500 ms",
    checks: [
      http("/health/ready", "200 in 44 ms", { certificateDays: 61 }),
      http("/v1/search?q=probe", "200 in 611 ms, slower than 500 ms", { state: "degraded", certificateDays: 61 }),
    ],
  },
  healthy(["Checkout web", "Storefront", "Storefront", 1, 182, ["next"]]),
  healthy(["Billing worker", "Payments", "Payments", 1, 74, ["queue"]]),
  healthy(["Merchant portal", "Merchants", "Merchants", 2, 231, ["next"]]),
  healthy(["Image resizer", "Media", "Media", 3, 412, ["sharp"]]),
  healthy(["Orders API", "Orders", "Orders", 1, 96, ["node"]]),
  healthy(["Identity", "Platform", "Platform", 1, 58, ["oidc"]]),
  healthy(["Storefront web", "Storefront", "Storefront", 1, 141, ["next"]]),
  healthy(["Inventory API", "Orders", "Orders", 2, 83, ["node"]]),
  healthy(["Notifications", "Messaging", "Messaging", 2, 120, ["queue"]]),
  healthy(["Webhooks relay", "Platform", "Platform", 2, 64, ["queue"]]),
  { ...healthy(["Reporting", "Data", "Data", 3, 388, ["dbt"]]), environment: "staging" },
  healthy(["Feature flags", "Platform", "Platform", 2, 37, ["edge"]]),
];

type DemoComponent = { name: string; verdict: State; detail: string; value?: number; unit?: string; agoMs?: number };

/** What health documents reported, by slug; `agoMs` marks a component that vanished. */
export const COMPONENTS: Record<string, DemoComponent[]> = {
  "payments-api": [
    { name: "postgres-primary", verdict: "down", detail: "refused, 36 in a row" },
    { name: "postgres-replica", verdict: "up", detail: "lag 0.0 s, read only", value: 0, unit: "s" },
    { name: "redis-sessions", verdict: "up", detail: "1.2 ms", value: 1.2, unit: "ms" },
    { name: "breaker: capture", verdict: "degraded", detail: "open, retry in 22 s" },
    { name: "memory", verdict: "up", detail: "412 of 1,024 MiB", value: 412, unit: "MiB" },
    { name: "kms-keys", verdict: "up", detail: "3 keys", agoMs: HOUR_MS * 0.7 },
  ],
  search: [
    { name: "OpenSearch cluster", verdict: "up", detail: "green, 3 nodes" },
    { name: "Query cache", verdict: "degraded", detail: "hit rate 41 %, was 88 %", value: 41, unit: "%" },
    { name: "Index writer", verdict: "up", detail: "lag 0.4 s", value: 0.4, unit: "s" },
    { name: "Synonym feed", verdict: "up", detail: "1,204 rules", agoMs: 3 * HOUR_MS },
  ],
};
