#!/usr/bin/env node
/**
 * Everything that must hold, in one command: `npm test`. `--quick` (npm run verify) is the part that takes seconds:
 * types, lint, unused code, import rules and pure tests. A failed step does not stop the others; its output follows the
 * table, the whole of it is in test-results/. The last line is `N passed, N failed`; the exit code is 0 only when every
 * step held.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import { stripVTControlCharacters } from "node:util";
import { ensurePages, ensureReady } from "./launcher/prepare.mjs";
import { countPlaywright, countVitest } from "./launcher/results.mjs";
import { inRoot, pinnedNode, toolEnvironment, toolScript } from "./launcher/run.mjs";
import { Refusal, say, step, strong } from "./launcher/steps.mjs";
import { ensureTools } from "./launcher/system-tools.mjs";

const REPORTS = inRoot("test-results");
const VITEST_REPORT = `${REPORTS}/vitest.json`;
const E2E_REPORT = `${REPORTS}/playwright.json`;
/** Enough of a failed step to see why; the rest is in its file. */
const TAIL_LINES = 120;

const isQuick = process.argv.includes("--quick");

/** Runs a tool by the pinned node, with its output in a file. Throws a Refusal when it fails. */
function runTool(name, [script, ...args], env = {}) {
  const file = `${REPORTS}/${name.toLowerCase().replaceAll(" ", "-")}.log`;
  const output = fs.openSync(file, "w");
  const stdio = ["ignore", output, output];
  const child = spawn(pinnedNode(), [toolScript(script), ...args], { cwd: inRoot(), env: toolEnvironment(env), stdio });
  fs.closeSync(output);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve();
      const lines = stripVTControlCharacters(fs.readFileSync(file, "utf8")).trimEnd().split("\n");
      return reject(new Refusal(lines.slice(-TAIL_LINES).join("\n")));
    });
  });
}

const counts = { passed: 0, failed: 0, skipped: 0 };

function add(result) {
  for (const key of Object.keys(counts)) counts[key] += result[key];
  return `${result.passed} passed, ${result.failed} failed${result.skipped ? `, ${result.skipped} skipped` : ""}`;
}

async function runVitest(args) {
  fs.rmSync(VITEST_REPORT, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`];
  let summary = "";
  try {
    await runTool("tests", ["vitest/vitest.mjs", "run", ...args, ...reporters], { NODE_ENV: "test" });
  } finally {
    summary = add(countVitest(VITEST_REPORT));
  }
  return summary;
}

/** A port that nobody has, so that two test runs on one machine leave each other alone. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(String(port)));
    });
  });
}

async function runPlaywright() {
  fs.rmSync(E2E_REPORT, { force: true });
  const port = process.env.SEAWORTHY_INTERNAL_E2E_PORT ?? (await freePort());
  let summary = "";
  try {
    await runTool("journeys", ["@playwright/test/cli.js", "test"], { SEAWORTHY_INTERNAL_E2E_REPORT: E2E_REPORT, SEAWORTHY_INTERNAL_E2E_PORT: port });
  } finally {
    summary = add(countPlaywright(E2E_REPORT));
  }
  return summary;
}

const STEPS = [
  { name: "Tools", about: "browser, Redis, RabbitMQ", run: ensureTools, isSlow: true },
  { name: "Types", about: "tsc", run: () => runTool("types", ["typescript/bin/tsc", "--noEmit"]) },
  { name: "Lint", about: "oxlint, type-aware", run: () => runTool("lint", ["oxlint/bin/oxlint", "--type-aware", "--deny-warnings"]) },
  { name: "Unused", about: "knip", run: () => runTool("unused", ["knip/bin/knip.js", "--no-progress"]) },
  { name: "Pure tests", about: "vitest, import rules among them", run: () => runVitest(["--project", "unit"]), isQuickOnly: true },
  { name: "Build", about: "next build", run: ensurePages, isSlow: true },
  { name: "Tests", about: "vitest: pure, database, faults", run: () => runVitest(["--coverage"]), isSlow: true },
  { name: "Journeys", about: "playwright", run: runPlaywright, isSlow: true },
];

async function runAll() {
  const failures = [];
  for (const { name, about, run, isSlow, isQuickOnly } of STEPS) {
    if (isQuick ? isSlow : isQuickOnly) continue;
    try {
      await step(name, about, run);
    } catch (error) {
      failures.push({ name, text: error instanceof Refusal ? error.message : error.stack });
    }
  }
  return failures;
}

async function main() {
  const startedAt = performance.now();
  process.chdir(inRoot());
  fs.mkdirSync(REPORTS, { recursive: true });
  say(strong(isQuick ? "Seaworthy: quick check" : "Seaworthy: all tests"));
  await ensureReady({ pages: false });
  const failures = await runAll();
  for (const { name, text } of failures) say(`\n${strong(`${name} failed`)}\n${text}`);
  say(`\n${failures.length === 0 ? "Everything held" : `Failed: ${failures.map(({ name }) => name).join(", ")}`} after ${Math.round((performance.now() - startedAt) / 1000)} s. Reports: test-results/, coverage/`);
  say(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  say("0 passed, 1 failed");
  process.exitCode = 1;
}
