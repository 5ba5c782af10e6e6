/** The smoke of every load test against a console of its own: they run, and short runs stay within their bounds. Needs a build. */
import { attack, failedShare } from "./load/attack.ts";
import { SCENARIOS } from "./load/scenarios.ts";
import type { Figure } from "./figure.ts";
import { makeApiKey, startProduct } from "./product.ts";

const PORT = 4_543;
/** Figures of the limits that a load test must not meet. */
const UNLIMITED = { WRITE_RATE_LIMIT_MAX: "100000000" };
/** Uploads and evaluations are limited by fixed figures, so their smoke only has to be answered, by refusal or not. */
const LIMITED = new Set(["upload"]);

/** Figures of every scenario. */
export async function run(): Promise<Figure[]> {
  const product = await startProduct({ port: PORT, env: UNLIMITED });
  try {
    const key = makeApiKey(product);
    const figures: Figure[] = [];
    for (const scenario of SCENARIOS) {
      const result = await attack(scenario, { url: product.url, key }, true);
      figures.push({ name: `${scenario.name}-p97`, value: result.latency.p97_5, unit: "ms", goal: `<=${scenario.maxP97Ms}`, note: `${result.requests.average} requests a second` });
      if (!LIMITED.has(scenario.name)) figures.push({ name: `${scenario.name}-failed`, value: failedShare(result) * 100, unit: "percent", goal: `<=${scenario.maxFailed * 100}` });
    }
    return figures;
  } finally {
    await product.stop();
  }
}
