/** `seaworthy coverage push`: sends coverage reports of any known format, and the change they are to be held against. */
import { spawnSync } from "node:child_process";
import type { SeaworthyClient } from "../../index.ts";
import { CliError, EXIT, text, type Annotation, type Command, type World } from "../command.ts";
import { EVIDENCE_OPTIONS, evidenceOf, FLAG_OPTION, type Evidence } from "../evidence.ts";
import { readText } from "../files.ts";
import { upload } from "../uploading.ts";

type Pushed = Awaited<ReturnType<SeaworthyClient["coverage"]["push"]["mutate"]>>;

/** The console takes a change of this size. */
const MAX_DIFF_BYTES = 900_000;
const GIT_TIMEOUT_MS = 30_000;
const MOST_MARKS = 20;

const GATE_WORDS: Record<Pushed["verdict"]["outcome"], string> = { pass: "passes", warn: "passes, with a warning", fail: "fails", incomplete: "incomplete", unknown: "no answer" };

/** The gate's answer, and what it is about. */
function gateLines({ outcome, findings }: Pushed["verdict"]): string[] {
  return [`Gate: ${GATE_WORDS[outcome]}`, ...findings.filter((finding) => finding.outcome !== "pass").map(({ text: words }) => `  ${words}`)];
}

const percent = (value: number | null | undefined) => (value === null || value === undefined ? "none" : `${value.toFixed(2)} %`);

function gitDiff(world: World, base: string): string {
  const { status, stdout, stderr } = spawnSync("git", ["diff", "--no-color", "--no-ext-diff", "--unified=0", `${base}...HEAD`], { cwd: world.cwd, encoding: "utf8", timeout: GIT_TIMEOUT_MS, maxBuffer: 64 * MAX_DIFF_BYTES });
  if (status !== 0) throw new CliError(`git cannot compare with ${base}: ${stderr.trim()}`, EXIT.usage);
  return stdout;
}

/** How much of the change is covered, with its uncovered lines to mark; null when there is no change to send. */
async function sendChange(world: World, { service, commit, branch }: Evidence, diff: string): Promise<{ line: string; annotations: Annotation[] } | null> {
  if (diff.trim() === "") return null;
  if (diff.length > MAX_DIFF_BYTES) throw new CliError(`The change has ${diff.length} characters; the console takes ${MAX_DIFF_BYTES} at most.`);
  const patch = await world.client().coverage.diff.mutate({ service, commit, diff, ...(branch ? { branch } : {}) });
  const annotations = patch.files.filter(({ uncovered }) => uncovered.length > 0).slice(0, MOST_MARKS).map(({ path, uncovered }): Annotation => {
    const ranges = uncovered.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
    return { level: "warning", title: "Not covered", message: `New lines that no test runs: ${ranges.join(", ")}`, file: path, line: uncovered[0]?.from ?? 1 };
  });
  return { line: `The change: ${patch.covered} of ${patch.total} new lines covered (${percent(patch.percent)})`, annotations };
}

export const pushCoverage: Command = {
  name: "coverage push",
  about: "send coverage reports: LCOV, Cobertura, Clover, JaCoCo, Istanbul or Go",
  words: "<file> [file …]",
  arity: [1, 50],
  options: [
    ...EVIDENCE_OPTIONS,
    FLAG_OPTION,
    { name: "root", value: "folder", about: "the checkout's folder in the report's paths; this folder unless given" },
    { name: "prefix", value: "folder", about: "where in the repository relative paths start" },
    { name: "base", value: "branch", about: "also send the change against this branch, for patch coverage" },
    { name: "diff", value: "file", about: "also send this unified diff, for patch coverage; - for standard input" },
  ],
  run: async (world, files, options) => {
    const evidence = evidenceOf(world, options);
    const pushed: Pushed[] = [];
    for (const file of files) {
      const query = { ...evidence, flag: text(options, "flag"), root: text(options, "root") ?? world.cwd, prefix: text(options, "prefix") };
      pushed.push(await upload<Pushed>(world, { path: "/coverage/reports", query, file }));
    }
    const base = text(options, "base");
    const given = text(options, "diff");
    const diff = given ? await readText(world.cwd, given, MAX_DIFF_BYTES) : base ? gitDiff(world, base) : "";
    const change = await sendChange(world, evidence, diff);
    const last = pushed.at(-1);
    const lines = pushed.map(({ format, files: count, percent: own, isNew }, index) => `${files[index]}: ${format}, ${count} ${count === 1 ? "file" : "files"}, lines ${percent(own.lines)}${isNew ? "" : ", sent before"}`);
    const notes = pushed.flatMap((answer) => answer.notes);
    return {
      exitCode: EXIT.ok,
      output: { pushed, ...(change ? { change: change.line } : {}) },
      lines: [...lines, ...notes, ...(change ? [change.line] : []), `Commit: lines ${percent(last?.overall.lines)}, branches ${percent(last?.overall.branches)}`, ...(last ? gateLines(last.verdict) : []), `${world.connection().url}${last?.url ?? ""}`],
      ...(change ? { annotations: change.annotations } : {}),
    };
  },
};
