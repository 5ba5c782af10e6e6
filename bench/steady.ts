/**
 * An ordinary busy day: 300 requests a second for three minutes, mixed as people and scripts mix them, against the built
 * product. What is answered well, how long it takes, and whether memory and database connections stay where they were.
 */
import { Agent, request } from "node:http";
import pg from "pg";
import { findEmbedded } from "../server/platform/embedded/cluster.ts";
import { percentile, type Figure } from "./figure.ts";
import { commandOf, makeApiKey, processTree, residentMb, startProduct, type Product } from "./product.ts";

const PORT = 4233;
const PER_SECOND = 300;
const SECONDS = 180;
const PACE_MS = 5;
const CONNECTIONS = 64;
const WARM_UP_S = 20;

type Ask = { method: "GET" | "POST"; path: string; body?: string; share: number };

const input = (value: unknown) => encodeURIComponent(JSON.stringify({ json: value }));

/** Shares of a hundred requests. Changes are few, as in life; each is audited. */
const MIX: Ask[] = [
  { method: "GET", path: "/api/v1/services?limit=20", share: 30 },
  { method: "GET", path: `/api/trpc/services.summary?input=${input({ filter: "" })}`, share: 20 },
  { method: "GET", path: `/api/trpc/access.me?input=${input({})}`, share: 20 },
  { method: "GET", path: "/api/v1/access/users?limit=20", share: 15 },
  { method: "GET", path: `/api/trpc/limits.summary?input=${input({})}`, share: 14 },
  { method: "POST", path: "/api/v1/services", body: "service", share: 1 },
];

function pick(turn: number): Ask {
  let place = (turn * 37) % 100;
  return MIX.find((ask) => (place -= ask.share) < 0) ?? MIX[0]!;
}

type Seen = { ms: number[]; good: number; bad: Map<number, number> };

function send(url: string, key: string, options: { ask: Ask; agent: Agent; turn: number; seen: Seen }): Promise<void> {
  const { ask, agent, turn, seen } = options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const startedAt = performance.now();
  const finish = (status: number) => {
    seen.ms.push(performance.now() - startedAt);
    if (status >= 200 && status < 300) seen.good += 1;
    else seen.bad.set(status, (seen.bad.get(status) ?? 0) + 1);
    resolve();
  };
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  const body = ask.body ? JSON.stringify({ name: `Steady ${turn}`, slug: `steady-${turn}` }) : undefined;
  if (body) headers["content-type"] = "application/json";
  const req = request(`${url}${ask.path}`, { method: ask.method, agent, headers }, (res) => {
    res.resume();
    res.once("end", () => finish(res.statusCode ?? 0));
  });
  req.once("error", () => finish(0));
  req.end(body);
  return promise;
}

async function press(product: Product, key: string, seconds: number): Promise<Seen> {
  const seen: Seen = { ms: [], good: 0, bad: new Map() };
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let sent = 0, passed = 0; passed < seconds; passed = (performance.now() - startedAt) / 1_000) {
    for (; sent < passed * PER_SECOND; sent++) {
      const one = send(product.url, key, { ask: pick(sent), agent, turn: Math.round(startedAt) * 100_000 + sent, seen }).finally(() => open.delete(one));
      open.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  await Promise.all(open);
  agent.destroy();
  return seen;
}

function webOf(product: Product): number {
  const pid = processTree(product.child.pid ?? 0).find((one) => /\/web\.ts(\s|$)/.test(commandOf(one)));
  if (!pid) throw new Error("The web process was not found.");
  return pid;
}

/** Figures of three busy minutes. Needs a build. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT, env: { WRITE_RATE_LIMIT_MAX: "100000000" } });
  const embedded = await findEmbedded(product.dataDir);
  if (!embedded) throw new Error("The product runs without its embedded database.");
  const database = new pg.Client({ connectionString: embedded.url });
  await database.connect();
  const connections = async () => Number((await database.query("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'seaworthy'")).rows[0].n);
  try {
    const key = makeApiKey(product);
    await press(product, key, WARM_UP_S);
    const before = { memory: residentMb(webOf(product)), connections: await connections() };
    const seen = await press(product, key, SECONDS);
    const after = { memory: residentMb(webOf(product)), connections: await connections() };
    const bad = [...seen.bad].map(([status, times]) => `${times} × ${status}`).join(", ") || "none";
    return [
      { name: "steady-2xx", value: (seen.good / seen.ms.length) * 100, unit: "percent", goal: ">=99.9", note: `of ${seen.ms.length}; others: ${bad}` },
      { name: "steady-p95", value: percentile(seen.ms, 0.95), unit: "ms", goal: "<=300", note: `median ${percentile(seen.ms, 0.5).toFixed(1)} ms` },
      { name: "steady-memory-growth", value: after.memory / before.memory, unit: "ratio", goal: "<=1.15", note: `${before.memory.toFixed(0)} to ${after.memory.toFixed(0)} MB` },
      { name: "steady-connections-growth", value: after.connections - before.connections, unit: "count", goal: "<=2", note: `${before.connections} to ${after.connections}` },
    ];
  } finally {
    await database.end();
    await product.stop();
  }
}
