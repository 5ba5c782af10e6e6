/** Runs one scenario with autocannon and says how it went. */
import autocannon, { type Result } from "autocannon";
import type { LoadScenario } from "./scenarios.ts";

export type Target = { url: string; key: string | null };

/** Sends the load; `isSmoke` keeps it short. */
export async function attack(scenario: LoadScenario, target: Target, isSmoke: boolean): Promise<Result> {
  const authorization = target.key ? { authorization: `Bearer ${target.key}` } : {};
  return autocannon({
    url: target.url,
    title: scenario.name,
    connections: isSmoke ? Math.min(scenario.connections, 20) : scenario.connections,
    duration: isSmoke ? scenario.smokeSeconds : scenario.seconds,
    ...(scenario.rate ? { overallRate: scenario.rate } : {}),
    timeout: 30,
    requests: scenario.requests.map(({ method, path, body, isPublic }) => ({ method, path, body, headers: { ...(isPublic ? {} : authorization), ...(body ? { "content-type": "application/json" } : {}) } })),
  });
}

/** Requests that got no answer or a bad one, of all. */
export function failedShare(result: Result): number {
  const all = result.requests.total + result.errors;
  return all === 0 ? 1 : (result.errors + result.non2xx) / all;
}
