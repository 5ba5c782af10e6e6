/** `node bench/load/run.ts <scenario> --url <address> [--key <key>] [--smoke] [--push]`: one load test of a console that runs. */
import { parseArgs } from "node:util";
import { attack, failedShare } from "./attack.ts";
import { SCENARIOS } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: "string", default: "http://127.0.0.1:3000" }, key: { type: "string" }, smoke: { type: "boolean", default: false }, push: { type: "boolean", default: false }, commit: { type: "string" } },
});
const scenario = SCENARIOS.find(({ name }) => name === positionals[0]);
if (!scenario) {
  process.stderr.write(`Say one of: ${SCENARIOS.map(({ name }) => name).join(", ")}\n`);
  process.exit(2);
}
const key = values.key ?? process.env.SEAWORTHY_API_KEY ?? null;
const result = await attack(scenario, { url: values.url, key }, values.smoke);
const failed = failedShare(result);
process.stdout.write(`${scenario.name}: ${result.requests.total} requests, ${result.requests.average}/s, p50 ${result.latency.p50} ms, p97.5 ${result.latency.p97_5} ms, ${(failed * 100).toFixed(2)} % failed\n`);
if (values.push) {
  const query = new URLSearchParams({ service: "seaworthy", scenario: scenario.name, profile: values.smoke ? "smoke" : scenario.profile, ...(values.commit ? { commit: values.commit } : {}) });
  const answer = await fetch(`${values.url}/api/v1/loadtests/reports?${query}`, { method: "POST", headers: { authorization: `Bearer ${key ?? ""}`, "content-type": "application/json" }, body: JSON.stringify(result) });
  process.stdout.write(`pushed: ${answer.status}\n`);
  if (!answer.ok) process.exit(1);
}
process.exit(failed <= scenario.maxFailed && result.latency.p97_5 <= scenario.maxP97Ms ? 0 : 1);
