#!/usr/bin/env node
/**
 * `npm run smoke [address]`: is a console there, and does it answer as one? Without an address it starts the product on an
 * empty data folder, asks, and stops it. Exit code 0 only when every answer was right; also the last step of a deployment.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const PORT = process.env.PORT ?? "3199";
const START_TIMEOUT_MS = 300_000;
const POLL_MS = 200;
const ASK_TIMEOUT_MS = 10_000;

/** What must be answered: path, status, and a word of the body. */
const QUESTIONS = [
  { path: "/health/live", status: 200, contains: "status" },
  { path: "/health/ready", status: 200, contains: "status" },
  { path: "/api/v1/openapi.json", status: 200, contains: '"openapi"' },
  { path: "/api/v1/services", status: 401, contains: "unauthorized" },
  { path: "/sign-in", status: 200, contains: "Seaworthy", orRedirectTo: "/setup" },
];

async function ask(base, { path: where, status, contains, orRedirectTo }) {
  const answer = await fetch(base + where, { redirect: "manual", signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  const isElsewhere = orRedirectTo !== undefined && (answer.headers.get("location") ?? "").includes(orRedirectTo);
  const isRight = isElsewhere || (answer.status === status && (await answer.text()).includes(contains));
  process.stdout.write(`${isRight ? "✓" : "✗"} ${where} ${answer.status}\n`);
  return isRight;
}

async function waitFor(base, isGone) {
  const until = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < until) {
    if (isGone()) throw new Error("The console ended before it answered.");
    const answer = await fetch(`${base}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`The console was not ready within ${START_TIMEOUT_MS / 1000} s.`);
}

async function askAll(base) {
  let areRight = true;
  for (const question of QUESTIONS) areRight = (await ask(base, question)) && areRight;
  return areRight;
}

async function askOwn() {
  const data = mkdtempSync(path.join(os.tmpdir(), "seaworthy-smoke-"));
  const start = path.resolve(import.meta.dirname, "start.mjs");
  const child = spawn(process.execPath, [start], { env: { ...process.env, PORT, SEAWORTHY_DATA_DIR: data }, stdio: ["ignore", "ignore", "inherit"] });
  let code = null;
  const ended = new Promise((resolve) => child.once("exit", (exitCode) => resolve((code = exitCode ?? 1))));
  try {
    await waitFor(`http://127.0.0.1:${PORT}`, () => code !== null);
    const areRight = await askAll(`http://127.0.0.1:${PORT}`);
    child.kill("SIGTERM");
    const isClean = (await ended) === 0;
    process.stdout.write(`${isClean ? "✓" : "✗"} stops cleanly\n`);
    return areRight && isClean;
  } finally {
    if (code === null) child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}

const [address] = process.argv.slice(2);
process.exitCode = (await (address ? askAll(address.replace(/\/+$/, "")) : askOwn())) ? 0 : 1;
