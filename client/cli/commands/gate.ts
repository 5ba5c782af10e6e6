/** `seaworthy gate`: asks the gates of a service; exits with 1 and the reasons when one says no. */
import { CliError, EXIT, required, text, type Annotation, type Command, type World } from "../command.ts";
import { explain } from "../failures.ts";

type Question = { service: string; commit: string | undefined; branch: string | undefined; minScore: number | undefined };
/** `null` when there is no evidence to judge; `notes` are worth reading although the gate passed. */
type Verdict = { passed: boolean | null; reasons: string[]; notes: string[]; summary?: string };

const GATES: Record<string, (world: World, question: Question) => Promise<Verdict>> = {
  coverage: async (world, { service, commit: named, branch }) => {
    // A build is judged by what it pushed itself, never by what another one left on the default branch.
    const commit = named ?? (branch === undefined && world.ci.system !== null ? world.ci.commit : null);
    const input = { service, ...(commit ? { commit } : {}), ...(branch ? { branch } : {}) };
    const { isPassing, verdict } = await world.client().coverage.gate.query(input);
    const { markdown } = await world.client().coverage.markdown.query(input);
    const said = verdict.findings.map(({ text: words }) => words);
    return { passed: isPassing, reasons: isPassing ? [] : said, notes: isPassing ? said : [], summary: markdown };
  },
  loadtests: async (world, { service, commit }) => {
    const { passed, reasons } = await world.client().loadtests.gate.query({ service, ...(commit ? { commit } : {}) });
    return { passed, reasons: passed ? [] : reasons, notes: passed ? reasons : [] };
  },
  readiness: async (world, { service, minScore }) => {
    const { passed, reasons, score, level, minScore: goal } = await world.client().readiness.gate.query({ id: service, ...(minScore === undefined ? {} : { minScore }) });
    return { passed, reasons: passed ? [] : reasons, notes: [`score ${score} of 100, ${level}; wanted ${goal}`] };
  },
};

async function ask(world: World, name: string, question: Question): Promise<Verdict & { name: string }> {
  try {
    return { name, ...(await (GATES[name] as (typeof GATES)[string])(world, question)) };
  } catch (error) {
    const explained = explain(error, world.connection().url);
    if (!(explained instanceof CliError) || explained.exitCode === EXIT.unreachable) throw explained;
    return { name, passed: false, reasons: [explained.message], notes: [] };
  }
}

function numberOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (!/^\d{1,3}$/.test(written)) throw new CliError("--min-score must be a number from 0 to 100.", EXIT.usage);
  return Number(written);
}

export const gate: Command = {
  name: "gate",
  about: "ask the gates of a service: coverage, loadtests, readiness; all of them unless named",
  words: "[gate …]",
  arity: [0, 3],
  options: [
    { name: "service", value: "slug", about: "the service to judge" },
    { name: "commit", value: "hash", about: "hold evidence of this commit only; without it coverage of the build's own commit counts on a CI system, else the newest" },
    { name: "branch", value: "name", about: "of this branch" },
    { name: "min-score", value: "number", about: "the least readiness score; the console's goal unless given" },
  ],
  run: async (world, words, options) => {
    const unknown = words.find((word) => !Object.hasOwn(GATES, word));
    if (unknown) throw new CliError(`${unknown} is not a gate. Gates are ${Object.keys(GATES).join(", ")}.`, EXIT.usage);
    const question = { service: required(options, "service"), commit: text(options, "commit"), branch: text(options, "branch"), minScore: numberOf(text(options, "min-score")) };
    const verdicts = [];
    for (const name of words.length > 0 ? words : Object.keys(GATES)) verdicts.push(await ask(world, name, question));
    const passed = verdicts.every((verdict) => verdict.passed !== false);
    const lines = verdicts.flatMap(({ name, passed: isPassed, reasons, notes }) => [`${isPassed === false ? "✗" : "✓"} ${name}`, ...[...reasons, ...notes].map((line) => `    ${line}`)]);
    const annotations = verdicts.flatMap(({ name, reasons }) => reasons.map((message): Annotation => ({ level: "error", title: `${name} gate`, message })));
    const summary = verdicts.flatMap((verdict) => verdict.summary ?? []).join("\n\n");
    return { exitCode: passed ? EXIT.ok : EXIT.failed, output: { passed, gates: verdicts.map(({ summary: _summary, ...verdict }) => verdict) }, lines, annotations, ...(summary ? { summary } : {}) };
  },
};
