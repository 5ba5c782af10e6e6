/**
 * What the guard costs: the same local target called by the guarded client and by bare undici loops, in one process
 * that alternates between them. Fresh connections are the like-for-like baseline, since a probe never reuses one.
 */
import { fork, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import { createOutbound } from "../server/platform/http/guarded.ts";
import { percentile, type Figure } from "./figure.ts";

const CALLS = 3_000;
const CONCURRENCY = 50;
/** Alternating rounds, of which the median counts: one slow round of a shared machine decides nothing. */
const ROUNDS = 5;
const TARGET_ARGUMENT = "outbound-target";
/** Calls per second that 1,000 checks every 20 s make. */
const CHECKS_PER_SECOND = 50;

type Measured = { perSecond: number; cpuMs: number };

async function loop(call: () => Promise<unknown>): Promise<Measured> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  let next = 0;
  const caller = async () => {
    while (next++ < CALLS) await call();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  const used = process.cpuUsage(cpu);
  return { perSecond: (CALLS / (performance.now() - started)) * 1_000, cpuMs: (used.user + used.system) / 1_000 / CALLS };
}

/** A target in its own process, so that its work is not counted as ours. */
async function startTarget(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(import.meta.filename, [TARGET_ARGUMENT]);
  const port = await new Promise<number>((resolve) => child.once("message", (message) => resolve(Number(message))));
  return { child, url: `http://127.0.0.1:${port}/` };
}

const median = (values: number[]) => percentile(values, 0.5);

/** Ratios of throughput and the processor time of one guarded call. */
export async function run(): Promise<Figure[]> {
  const { child, url } = await startTarget();
  const fresh = new Agent({ pipelining: 0 });
  const kept = new Agent({ connections: CONCURRENCY });
  const guarded = createOutbound({ allow: ["127.0.0.0/8"] });
  const bare = (dispatcher: Agent) => async () => {
    const answer = await request(url, { dispatcher });
    await answer.body.arrayBuffer();
  };
  const ways = {
    fresh: bare(fresh),
    kept: bare(kept),
    guarded: () => guarded.request({ url, timeoutMs: 5_000, maxBodyBytes: 1_048_576 }),
  };
  const seen: Record<keyof typeof ways, Measured[]> = { fresh: [], kept: [], guarded: [] };
  try {
    for (const call of Object.values(ways)) await loop(call);
    for (let round = 0; round < ROUNDS; round++) for (const way of Object.keys(ways) as (keyof typeof ways)[]) seen[way].push(await loop(ways[way]));
  } finally {
    child.kill();
    await Promise.all([fresh.destroy(), kept.destroy()]);
  }
  const rate = (way: keyof typeof ways) => median(seen[way].map((one) => one.perSecond));
  const cpuMs = median(seen.guarded.map((one) => one.cpuMs));
  return [
    {
      name: "outbound-vs-bare-undici",
      value: rate("guarded") / rate("fresh"),
      unit: "ratio",
      goal: ">=0.5",
      note: `${Math.round(rate("guarded"))} calls a second; a loop that keeps its connections open makes ${Math.round(rate("kept"))}`,
    },
    { name: "outbound-core-for-1000-checks", value: cpuMs * CHECKS_PER_SECOND * 0.1, unit: "percent", goal: "<=5", note: "of one core, guarded calls alone" },
  ];
}

if (process.argv[2] === TARGET_ARGUMENT) {
  const server = createServer((_request, response) => response.end("hello"));
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
}
