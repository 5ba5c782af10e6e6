/** `seaworthy doctor`: why can this machine not reach the console, sign in, or push? Looks step by step and changes nothing. */
import { lookup } from "node:dns/promises";
import { SeaworthyError } from "../../index.ts";
import { CliError, EXIT, type Command, type World } from "../command.ts";
import { explain } from "../failures.ts";

const REACH_TIMEOUT_MS = 10_000;
const SKEW_WARN_MS = 60_000;

type Finding = { step: string; state: "ok" | "warning" | "problem"; detail: string };
type Step = { step: string; look: () => Promise<Finding["detail"] | { warning: string }> };

function wordsOf(error: unknown, url: string): string {
  const explained = explain(error, url);
  return explained instanceof Error ? explained.message : String(explained);
}

function steps(world: World, url: string): Step[] {
  const host = new URL(url).hostname;
  const mayWrite = (scopes: readonly string[] | null, module: string) => scopes === null || scopes.includes("*") || scopes.includes(`${module}:write`);
  return [
    { step: "name", look: async () => `${host} is ${(await lookup(host.replace(/^\[|\]$/g, ""))).address}` },
    {
      step: "reach",
      look: async () => {
        const answer = await world.fetch(`${url}/health/live`, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
        if (!answer.ok) throw new CliError(`/health/live answered ${answer.status}; is this a Seaworthy console?`);
        const skewMs = Date.parse(answer.headers.get("date") ?? "") - Date.now();
        return Math.abs(skewMs) > SKEW_WARN_MS ? { warning: `answers, but the clocks differ by ${Math.round(Math.abs(skewMs) / 1000)} s` } : "answers";
      },
    },
    {
      step: "ready",
      look: async () => {
        const answer = await world.fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
        return answer.ok ? "ready for work" : { warning: `not ready (${answer.status}); pushes will be refused until it is` };
      },
    },
    {
      step: "key",
      look: async () => {
        if (!world.connection().apiKey) throw new CliError("no key is set: SEAWORTHY_API_KEY, or `seaworthy login`");
        const me = await world.client().access.me.query({});
        return `${me.name} (${me.role})`;
      },
    },
    {
      step: "push",
      look: async () => {
        const me = await world.client().access.me.query({});
        if (me.role === "viewer") return { warning: "this key may only read" };
        const missing = ["coverage", "loadtests", "services"].filter((module) => !mayWrite(me.scopes, module));
        return missing.length > 0 ? { warning: `this key lacks ${missing.map((module) => `${module}:write`).join(", ")}` } : "may push coverage, tests and load tests";
      },
    },
  ];
}

async function lookAt({ step, look }: Step, url: string): Promise<Finding> {
  try {
    const found = await look();
    return typeof found === "string" ? { step, state: "ok", detail: found } : { step, state: "warning", detail: found.warning };
  } catch (error) {
    const isOurs = error instanceof CliError || error instanceof SeaworthyError || error instanceof Error;
    if (!isOurs) throw error;
    return { step, state: "problem", detail: wordsOf(error, url) };
  }
}

export const doctor: Command = {
  name: "doctor",
  about: "find out why this machine cannot reach, sign in to or push to the console",
  words: "",
  arity: [0, 0],
  options: [],
  run: async (world) => {
    const { url, from } = world.connection();
    const findings: Finding[] = [{ step: "address", state: "ok", detail: `${url} (from the ${from})` }];
    for (const step of steps(world, url)) {
      const found = await lookAt(step, url);
      findings.push(found);
      if (found.state === "problem") break;
    }
    const { system, commit, branch } = world.ci;
    findings.push({ step: "commit", state: commit ? "ok" : "warning", detail: commit ? `${commit.slice(0, 12)} on ${branch ?? "no branch"}${system ? `, ${system}` : ""}` : "not known; give --commit when you push" });
    const isWell = findings.every(({ state }) => state !== "problem");
    const marks = { ok: "✓", warning: "!", problem: "✗" };
    return { exitCode: isWell ? EXIT.ok : EXIT.unreachable, output: { ok: isWell, findings }, lines: findings.map(({ step, state, detail }) => `  ${marks[state]} ${step.padEnd(8)} ${detail}`) };
  },
};
