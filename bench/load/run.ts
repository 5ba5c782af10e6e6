/**
 * `node bench/load/run.ts <scenario> --url <address> [--key <key>] [--smoke] [--seconds <n>] [--out <file>] [--push]`: one load
 * test of a console that runs. With --push the command line of the client sends the report to that console.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Result } from "autocannon";
import { answerLine } from "../../client/cli/main.ts";
import { attack, failedShare } from "./attack.ts";
import { SCENARIOS, type LoadScenario } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: "string", default: "http://127.0.0.1:3000" }, key: { type: "string" }, smoke: { type: "boolean", default: false }, seconds: { type: "string" }, out: { type: "string" }, push: { type: "boolean", default: false }, commit: { type: "string" } },
});
const REFUSED = "429";

/** The report goes the way every report goes. Returns the exit code of the command line. */
async function push(scenario: LoadScenario, report: string, key: string): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "seaworthy-load-"));
  try {
    const file = path.join(folder, "report.json");
    writeFileSync(file, report);
    const line = ["loadtest", "push", file, "--service", "seaworthy", "--scenario", scenario.name, "--profile", values.smoke ? "smoke" : scenario.profile, ...(values.commit ? ["--commit", values.commit] : [])];
    const { exitCode, lines } = await answerLine(line, { ...process.env, SEAWORTHY_URL: values.url, SEAWORTHY_API_KEY: key }, process.cwd());
    process.stdout.write(`${lines.join("\n")}\n`);
    return exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(scenario: LoadScenario, result: Result): void {
  process.stdout.write(`${scenario.name}: ${result.requests.total} requests, ${result.requests.average}/s, p50 ${result.latency.p50} ms, p97.5 ${result.latency.p97_5} ms, ${(failedShare(result) * 100).toFixed(2)} % failed\n`);
  const refused = result.statusCodeStats?.[REFUSED]?.count ?? 0;
  if (refused > 0) process.stdout.write(`${refused} were refused by limits: this measured refusals. Start the console with wider limits for the test (see bench/load/README.md).\n`);
}

const scenario = SCENARIOS.find(({ name }) => name === positionals[0]);
const seconds = values.seconds === undefined ? null : Number(values.seconds);
if (!scenario || (seconds !== null && !(seconds >= 1))) {
  process.stderr.write(`Say one of: ${SCENARIOS.map(({ name }) => name).join(", ")}; --seconds is a number from 1.\n`);
  process.exit(2);
}
const key = values.key ?? process.env.SEAWORTHY_API_KEY ?? null;
const timed = seconds === null ? scenario : { ...scenario, seconds, smokeSeconds: seconds };
const result = await attack(timed, { url: values.url, key }, values.smoke);
say(scenario, result);
const report = JSON.stringify(result);
if (values.out) writeFileSync(values.out, report);
const pushed = values.push ? await push(scenario, report, key ?? "") : 0;
process.exit(pushed || (failedShare(result) <= scenario.maxFailed && result.latency.p97_5 <= scenario.maxP97Ms ? 0 : 1));
