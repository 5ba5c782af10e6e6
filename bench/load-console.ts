/** The smoke of every load test against a console of its own: they run, and short runs stay within their bounds. Needs a build. */
import path from "node:path";
import { answerLine } from "../client/cli/main.ts";
import { attack, failedShare } from "./load/attack.ts";
import { SCENARIOS } from "./load/scenarios.ts";
import type { Figure } from "./figure.ts";
import { makeApiKey, startProduct } from "./product.ts";

const PORT = 4_543;
const LIMITS = path.join(import.meta.dirname, "load/limits.yaml");
const WIDE = "1000000";
const POLL_MS = 250;
const WIDEN_TIMEOUT_MS = 30_000;

/** Widens the limits as bench/load/README.md says, and waits until the web goes by them. */
async function widenLimits(url: string, key: string): Promise<void> {
  const { exitCode, lines } = await answerLine(["apply", LIMITS, "--yes"], { ...process.env, SEAWORTHY_URL: url, SEAWORTHY_API_KEY: key }, process.cwd());
  if (exitCode !== 0) throw new Error(`The limits were not widened: ${lines.join(" ")}`);
  const deadline = performance.now() + WIDEN_TIMEOUT_MS;
  while ((await fetch(`${url}/health/live`)).headers.get("ratelimit-limit") !== WIDE) {
    if (performance.now() > deadline) throw new Error("The web does not go by the wider limits.");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Figures of every scenario. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT });
  try {
    const key = makeApiKey(product);
    await widenLimits(product.url, key);
    const figures: Figure[] = [];
    for (const scenario of SCENARIOS) {
      const result = await attack(scenario, { url: product.url, key }, true);
      figures.push(
        { name: `${scenario.name}-p97`, value: result.latency.p97_5, unit: "ms", goal: `<=${scenario.maxP97Ms}`, note: `${result.requests.average} requests a second` },
        { name: `${scenario.name}-failed`, value: failedShare(result) * 100, unit: "percent", goal: `<=${scenario.maxFailed * 100}` },
      );
    }
    return figures;
  } finally {
    await product.stop();
  }
}
