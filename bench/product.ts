/**
 * Starts the built product for a bench in a data folder of its own, with an administrator and an API key, and measures
 * what its process tree uses. Linux only where it reads /proc.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export const projectRoot = path.resolve(import.meta.dirname, "..");
export const pinnedNode = path.join(projectRoot, "node_modules/.bin/node");
export const BENCH_ADMIN = { email: "bench@example.test", password: "a-long-bench-password-1" };

const POLL_MS = 10;
/** A first start builds the pages, minutes on a busy machine. */
const START_TIMEOUT_MS = 400_000;

export type Product = {
  url: string;
  dataDir: string;
  child: ChildProcess;
  /** Milliseconds from the spawn of `npm start` to the first 200 on /health/live. */
  firstAnswerMs: number;
  env: NodeJS.ProcessEnv;
  stop: () => Promise<void>;
};

export type ProductOptions = { port: number; dataDir?: string; env?: Record<string, string>; keepData?: boolean };

async function untilLive(url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/health/live`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${url} did not answer within ${START_TIMEOUT_MS / 1000} s`);
}

/** Runs `npm start` and waits for the first answer. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-"));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(options.port),
    SEAWORTHY_DATA_DIR: dataDir,
    LOG_LEVEL: "warn",
    EGRESS_ALLOW: "127.0.0.1",
    RATE_LIMIT_MAX_AUTHENTICATED: "100000000",
    RATE_LIMIT_MAX_REQUESTS: "100000000",
    RATE_LIMIT_BURST_PER_MINUTE: "100000000",
    SEAWORTHY_ADMIN_EMAIL: BENCH_ADMIN.email,
    SEAWORTHY_ADMIN_PASSWORD: BENCH_ADMIN.password,
    ...options.env,
  };
  const url = `http://127.0.0.1:${options.port}`;
  const startedAt = performance.now();
  const child = spawn("npm", ["start"], { cwd: projectRoot, env, stdio: "ignore", detached: false });
  const stop = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    if (!options.keepData) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await untilLive(url);
  } catch (error) {
    await stop();
    throw error;
  }
  const firstAnswerMs = performance.now() - startedAt;
  return { url, dataDir, child, firstAnswerMs, env, stop };
}

/** Makes an API key with every scope for the bench's administrator. */
export function makeApiKey(product: Product): string {
  const args = [path.join(projectRoot, "scripts/cli.mjs"), "admin", "create", "--email", BENCH_ADMIN.email, "--password", BENCH_ADMIN.password, "--api-key", "--json"];
  const { stdout, stderr } = spawnSync(pinnedNode, args, { cwd: projectRoot, env: product.env, encoding: "utf8" });
  const key = stdout.match(/sw_[A-Za-z0-9_]+/)?.[0];
  if (!key) throw new Error(`The CLI printed no key: ${stdout}${stderr}`);
  return key;
}

/** Ids of all processes below `pid`, itself included. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      continue; // it ended while we looked
    }
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]!) ?? []));
  return tree;
}

/** Command line of a process, or an empty text when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Resident memory of a process in megabytes (10^6 bytes). */
export function residentMb(pid: number): number {
  const kib = Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1] ?? 0);
  return (kib * 1024) / 1e6;
}

/** Seconds of processor time a process has used. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
