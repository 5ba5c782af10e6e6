/** `seaworthy loadtest push`: sends the report of a load test and says how it compares. */
import type { SeaworthyClient } from "../../index.ts";
import { EXIT, text, type Command } from "../command.ts";
import { EVIDENCE_OPTIONS, evidenceOf } from "../evidence.ts";
import { upload } from "../uploading.ts";

type Pushed = Awaited<ReturnType<SeaworthyClient["loadtests"]["push"]["mutate"]>>;

export const pushLoadtest: Command = {
  name: "loadtest push",
  about: "send the report of k6, autocannon or Artillery",
  words: "<file>",
  arity: [1, 1],
  options: [
    ...EVIDENCE_OPTIONS,
    { name: "scenario", value: "name", about: "what was done, e.g. checkout" },
    { name: "profile", value: "name", about: "smoke, basic, soak, spike, stress, extreme or custom; guessed otherwise" },
  ],
  run: async (world, [file = ""], options) => {
    const { pullRequest: _pullRequest, ...evidence } = evidenceOf(world, options);
    const { run, isNew } = await upload<Pushed>(world, { path: "/loadtests/reports", query: { ...evidence, scenario: text(options, "scenario"), profile: text(options, "profile") }, file });
    const { scenario, profile, verdict, reasons, figures } = run;
    const head = `${scenario}, ${profile}: ${verdict}${isNew ? "" : ", sent before"}`;
    const p95 = figures.p95 === null ? "no p95" : `p95 ${Math.round(figures.p95)} ms`;
    return { exitCode: EXIT.ok, output: { run, isNew }, lines: [head, p95, ...reasons.map((reason) => `  ${reason}`), `${world.connection().url}/loadtests/${run.id}`] };
  },
};
