/** `seaworthy junit push`: sends test results. */
import type { SeaworthyClient } from "../../index.ts";
import { EXIT, text, type Annotation, type Command } from "../command.ts";
import { EVIDENCE_OPTIONS, evidenceOf, FLAG_OPTION } from "../evidence.ts";
import { upload } from "../uploading.ts";

type Pushed = Awaited<ReturnType<SeaworthyClient["coverage"]["pushTests"]["mutate"]>>;

const MOST_MARKS = 20;

export const pushTests: Command = {
  name: "junit push",
  about: "send test results as JUnit XML",
  words: "<file> [file …]",
  arity: [1, 50],
  options: [...EVIDENCE_OPTIONS, FLAG_OPTION],
  run: async (world, files, options) => {
    const evidence = evidenceOf(world, options);
    const pushed: Pushed[] = [];
    for (const file of files) pushed.push(await upload<Pushed>(world, { path: "/coverage/tests", query: { ...evidence, flag: text(options, "flag") }, file }));
    const lines = pushed.map(({ totals, isNew }, index) => `${files[index]}: ${totals.tests} ${totals.tests === 1 ? "test" : "tests"}, ${totals.failed} failed, ${totals.skipped} skipped${isNew ? "" : ", sent before"}`);
    const annotations = pushed.flatMap(({ failures }) => failures).slice(0, MOST_MARKS).map((failure): Annotation => ({ level: "error", title: failure.name, message: failure.message }));
    return { exitCode: EXIT.ok, output: { pushed }, lines, annotations };
  },
};
