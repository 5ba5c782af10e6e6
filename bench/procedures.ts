/**
 * An authenticated list query through everything the product puts around it, against the same query on a bare tRPC and
 * Prisma route of the same Next version. Both over HTTP on this machine, one after another, three rounds, best of each.
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import autocannon from "autocannon";
import type { Figure } from "./figure.ts";
import { urlOf } from "../server/platform/embedded/settings.ts";
import { makeApiKey, pinnedNode, projectRoot, startProduct, type Product } from "./product.ts";

const PORT = 4032;
const BARE_PORT = 4033;
const CONNECTIONS = 20;
const SECONDS = 6;
const ROUNDS = 3;

type Load = { requestsPerSecond: number; p95Ms: number };

async function load(url: string, headers: Record<string, string>): Promise<Load> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx > 0) throw new Error(`${result.non2xx} answers of ${url} were not 2xx`);
  return { requestsPerSecond: result.requests.average, p95Ms: result.latency.p97_5 };
}

function databaseUrl(product: Product): string {
  return urlOf(JSON.parse(readFileSync(path.join(product.dataDir, "database.json"), "utf8")) as { port: number; password: string });
}

/** What building the baseline leaves beside its sources. */
const BARE_LEFTOVERS = [".next", "tsconfig.json", "next-env.d.ts"];

async function startBare(url: string): Promise<() => void> {
  const folder = path.join(projectRoot, "bench/bare");
  const next = path.join(projectRoot, "node_modules/next/dist/bin/next");
  const env = { ...process.env, DATABASE_URL: url, NEXT_TELEMETRY_DISABLED: "1" };
  const built = spawnSync(pinnedNode, [next, "build", folder], { env, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`The baseline did not build:\n${built.stdout}${built.stderr}`);
  const child = spawn(pinnedNode, [next, "start", folder, "-p", String(BARE_PORT), "-H", "127.0.0.1"], { env, stdio: "ignore" });
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${BARE_PORT}/api/trpc/users`).catch(() => null);
    if (answer?.ok) {
      return () => {
        child.kill("SIGTERM");
        for (const name of BARE_LEFTOVERS) rmSync(path.join(folder, name), { recursive: true, force: true });
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const best = (loads: Load[]): Load => ({
  requestsPerSecond: Math.max(...loads.map((one) => one.requestsPerSecond)),
  p95Ms: Math.min(...loads.map((one) => one.p95Ms)),
});

/** Alternates the two so that a slow moment of the machine hits both. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT });
  const authorization = `Bearer ${makeApiKey(product)}`;
  const stopBare = await startBare(databaseUrl(product));
  const input = encodeURIComponent(JSON.stringify({ json: { limit: 20 } }));
  const ours: Load[] = [];
  const bare: Load[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await load(`http://127.0.0.1:${BARE_PORT}/api/trpc/users`, {}));
    ours.push(await load(`${product.url}/api/trpc/access.users?input=${input}`, { authorization }));
  }
  stopBare();
  await product.stop();
  const [a, b] = [best(ours), best(bare)];
  return [
    { name: "list-throughput", value: a.requestsPerSecond / b.requestsPerSecond, unit: "ratio", goal: ">=0.6", note: `${a.requestsPerSecond} against ${b.requestsPerSecond} requests/s` },
    { name: "list-p95", value: a.p95Ms / b.p95Ms, unit: "ratio", goal: "<=2", note: `${a.p95Ms} against ${b.p95Ms} ms at the 97.5th percentile` },
  ];
}
