#!/usr/bin/env node
/**
 * The launcher behind `npm start`, `npm run dev`, `npm run web` and `npm run worker`. It needs nothing but Node 20 and
 * npm: it installs the packages (and with them the pinned Node), makes what is not in the repository, and hands over
 * to server/main.ts. With everything in place it decides that in well under a second, in this same process.
 */
import "./launcher/node-version.mjs";
import util from "node:util";
import { handOver } from "./launcher/hand-over.mjs";
import { ensureReady } from "./launcher/prepare.mjs";
import { inRoot } from "./launcher/run.mjs";
import { findRunning } from "./launcher/running.mjs";
import { Refusal, say, strong } from "./launcher/steps.mjs";

const USAGE = `Usage: npm start [-- options]

  --dev               reload on change: next dev, and a worker that restarts
  --role web|worker   start only this part, against DATABASE_URL
  --migrate           with --role: apply pending migrations first
  --help              show this

The environment is described in docs/configuration.md.`;

const USAGE_EXIT = 2;
const SHELL_POLL_MS = 250;

function readArguments() {
  const options = { dev: { type: "boolean" }, role: { type: "string" }, migrate: { type: "boolean" }, help: { type: "boolean" } };
  try {
    const { values } = util.parseArgs({ options });
    if (values.role && !["web", "worker"].includes(values.role)) throw new Error(`--role is web or worker, not ${String(values.role)}`);
    return values;
  } catch (error) {
    throw new Refusal(`${error.message}\n\n${USAGE}`, USAGE_EXIT);
  }
}

/** npm passes SIGTERM to the shell between us, which dies of it without passing it on: losing the shell means stop. */
function stopWithShell() {
  if (!process.env.npm_lifecycle_event || process.platform === "win32") return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, SHELL_POLL_MS);
  timer.unref();
}

async function start() {
  const options = readArguments();
  if (options.help) return say(USAGE);
  process.chdir(inRoot());
  stopWithShell();
  if (!options.role) {
    const running = findRunning();
    if (running) return say(`Seaworthy already runs at ${strong(running.address)} (process ${running.pid}). Nothing was started.`);
    say(strong("Seaworthy"));
  }
  await ensureReady({ pages: !options.dev && options.role !== "worker" });
  const args = Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, value]));
  return handOver(inRoot("server/main.ts"), args);
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
