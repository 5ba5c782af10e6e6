/**
 * What stands between a request and its work: address, session, permission and limit, timed call by call in this process
 * against the product's database; then the running product under a spike from 0 to 1,000 requests a second in ten seconds.
 */
import { Agent, get as httpGet } from "node:http";
import { encode } from "next-auth/jwt";
import * as z from "zod";
import { config } from "../server/platform/config.ts";
import { closeDatabase, database } from "../server/platform/db.ts";
import { clientAddress, parseTrusted } from "../server/platform/edge/address.ts";
import { contextFromRequest } from "../server/platform/edge/context.ts";
import { CLIENT_ADDRESS_HEADER, dropSpoofable } from "../server/platform/edge/incoming.ts";
import { findEmbedded } from "../server/platform/embedded/cluster.ts";
import { newId } from "../server/platform/ids.ts";
import { ensureSecrets } from "../server/platform/secrets.ts";
import { createCallerFactory, may, router } from "../server/platform/trpc.ts";
import { percentile, type Figure } from "./figure.ts";
import { BENCH_ADMIN, makeApiKey, startProduct, type Product } from "./product.ts";

const PORT = 4232;
const WARM_UP_CALLS = 300;
const CALLS = 3_000;
const UNLIMITED = "100000000";

const PEAK_PER_SECOND = 1_000;
const RAMP_SECONDS = 10;
const HOLD_SECONDS = 25;
/** More than the product works on at once, so that admission has to refuse. */
const CONNECTIONS = 300;
/** Beyond this the client measures its own queue. */
const MOST_OPEN = 1_000;
const PACE_MS = 5;
const HEALTH_EVERY_MS = 200;
const BASELINE_REQUESTS = 60;
const RECOVERY_SECONDS = 10;

const guarded = router({
  guard: router({
    pass: may("guard:pass", { access: "viewer", tier: "read", rest: null, summary: "Pass the guard" }).input(z.object({})).output(z.object({})).query(() => ({})),
  }),
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A session of the bench's administrator, as the cookie that a browser sends. */
async function sessionCookie(): Promise<string> {
  const { client } = database();
  const user = await client.user.findUniqueOrThrow({ where: { email: BENCH_ADMIN.email } });
  const now = new Date();
  const id = newId("ses", now);
  await client.session.create({ data: { id, userId: user.id, createdAt: now, lastSeenAt: now, expiresAt: new Date(now.getTime() + 3_600_000) } });
  return `seaworthy.session=${await encode({ token: { sid: id }, secret: config().AUTH_SECRET })}`;
}

async function guardPerCall(product: Product): Promise<Figure> {
  const embedded = await findEmbedded(product.dataDir);
  if (!embedded) throw new Error("The product runs without its embedded database.");
  Object.assign(process.env, ensureSecrets(product.dataDir), { DATABASE_URL: embedded.url, RATE_LIMIT_MAX_AUTHENTICATED: UNLIMITED, LOG_LEVEL: "error" });
  const trusted = parseTrusted(["10.0.0.0/8"]);
  const cookie = await sessionCookie();
  const callerOf = createCallerFactory(guarded);
  const call = async () => {
    const incoming: Record<string, string> = { cookie, "sec-fetch-site": "same-origin", "x-forwarded-for": "198.51.100.7", "user-agent": "bench" };
    const address = clientAddress("10.0.0.1", incoming["x-forwarded-for"], trusted);
    dropSpoofable(incoming, false);
    const ctx = await contextFromRequest({ headers: new Headers({ ...incoming, [CLIENT_ADDRESS_HEADER]: address }) });
    await callerOf(ctx).guard.pass({});
  };
  for (let i = 0; i < WARM_UP_CALLS; i++) await call();
  const samples: number[] = [];
  for (let i = 0; i < CALLS; i++) samples.push(await timed(call));
  await closeDatabase();
  return { name: "call-p95", value: percentile(samples, 0.95), unit: "ms", goal: "<=1.5", note: `median ${percentile(samples, 0.5).toFixed(2)} ms` };
}

type Answers = { accepted: number[]; refused: number[]; other: number };
type Load = { url: string; headers: Record<string, string> };

/** One request; what it took counts from the moment that it has a connection. */
function send({ url, headers }: Load, agent: Agent, into: Answers): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let startedAt = performance.now();
  const req = httpGet(url, { agent, headers }, (res) => {
    res.resume();
    res.once("end", () => {
      const status = res.statusCode ?? 0;
      const ms = performance.now() - startedAt;
      if (status === 503 || status === 429) into.refused.push(ms);
      else if (status < 300 || status === 304) into.accepted.push(ms);
      else into.other += 1;
      resolve();
    });
  });
  req.once("socket", () => (startedAt = performance.now()));
  req.once("error", () => {
    into.other += 1;
    resolve();
  });
  return promise;
}

/** How many requests should have been sent after so many seconds: a straight ramp, then the peak. */
function dueAfter(seconds: number): number {
  const ramp = Math.min(seconds, RAMP_SECONDS);
  return (PEAK_PER_SECOND * ramp * ramp) / (2 * RAMP_SECONDS) + PEAK_PER_SECOND * Math.max(0, seconds - RAMP_SECONDS);
}

/** Sends by the clock, whether or not answers came back; only when far too many are open does it let some go by. */
async function press(load: Load): Promise<Answers & { sent: number }> {
  const answers: Answers = { accepted: [], refused: [], other: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  let due = 0;
  let sent = 0;
  for (let seconds = 0; seconds < RAMP_SECONDS + HOLD_SECONDS; seconds = (performance.now() - startedAt) / 1_000) {
    for (; due < dueAfter(seconds); due++) {
      if (open.size >= MOST_OPEN) continue;
      sent += 1;
      const one = send(load, agent, answers).finally(() => open.delete(one));
      open.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  await Promise.all(open);
  agent.destroy();
  return { ...answers, sent };
}

async function ask({ url, headers }: Load): Promise<void> {
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

async function p95Of(load: Load): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < BASELINE_REQUESTS; i++) samples.push(await timed(() => ask(load)));
  return percentile(samples, 0.95);
}

/** Asks for liveness all the time; `stop` returns the longest wait. */
function watchHealth(url: string): { stop: () => Promise<number> } {
  let isStopping = false;
  let worst = 0;
  const watching = (async () => {
    while (!isStopping) {
      worst = Math.max(worst, await timed(() => ask({ url: `${url}/health/live`, headers: {} })));
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      isStopping = true;
      await watching;
      return worst;
    },
  };
}

/** Seconds until one caller is answered as before: the 95th percentile within twice the baseline, or 5 ms. */
async function secondsToBaseline(load: Load, baselineMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const seconds = (performance.now() - startedAt) / 1_000;
    const isCalm = await p95Of(load).then((p95) => p95 <= Math.max(2 * baselineMs, 5), () => false);
    if (isCalm || seconds > 2 * RECOVERY_SECONDS) return seconds;
  }
}

async function spike(product: Product): Promise<Figure[]> {
  const load: Load = { url: `${product.url}/api/v1/services?limit=20`, headers: { authorization: `Bearer ${makeApiKey(product)}` } };
  await p95Of(load);
  const baselineMs = await p95Of(load);
  const health = watchHealth(product.url);
  const answers = await press(load);
  const worstHealthMs = await health.stop();
  const recovery = await secondsToBaseline(load, baselineMs);
  const note = `${answers.sent} sent, ${answers.accepted.length} accepted, ${answers.refused.length} refused`;
  return [
    { name: "spike-other-answers", value: answers.other, unit: "count", goal: "<=0", note },
    { name: "spike-accepted-p95", value: percentile(answers.accepted, 0.95), unit: "ms", goal: "<=1000", note },
    { name: "spike-refused-p95", value: answers.refused.length > 0 ? percentile(answers.refused, 0.95) : 0, unit: "ms", goal: "<=200", note },
    { name: "spike-health-worst", value: worstHealthMs, unit: "ms", goal: "<=1000" },
    { name: "spike-back-to-baseline", value: recovery, unit: "s", goal: `<=${RECOVERY_SECONDS}`, note: `baseline p95 ${baselineMs.toFixed(1)} ms` },
  ];
}

/** Figures of the guard. Needs a build. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT });
  try {
    return [...(await spike(product)), await guardPerCall(product)];
  } finally {
    await product.stop();
  }
}
