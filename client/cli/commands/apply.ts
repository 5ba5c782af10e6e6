/** `seaworthy apply`: makes a console what a file says. */
import { EXIT, type Command } from "../command.ts";
import { readText } from "../files.ts";

const PLAN_DIFFERS = EXIT.failed;

export const apply: Command = {
  name: "apply",
  about: "show what a manifest would change, and with --yes carry it out",
  words: "<seaworthy.yaml>",
  arity: [1, 1],
  options: [
    { name: "yes", about: "carry the plan out" },
    { name: "prune", about: "also remove what the file's sections do not list" },
    { name: "check", about: "exit with 1 when there is anything to change, for drift checks" },
  ],
  run: async (world, [file = ""], options) => {
    const { MAX_BYTES } = await import("../../manifest/document.ts");
    const { applyText } = await import("../applying.ts");
    const text = await readText(world.cwd, file, MAX_BYTES);
    const isDry = options["yes"] !== true || options["check"] === true;
    const answer = await applyText(world, text, { isDry, rest: options["prune"] === true ? "remove" : "keep", notes: [] });
    const changes = (answer.output as { changes: unknown[] }).changes.length;
    return options["check"] === true && changes > 0 ? { ...answer, exitCode: PLAN_DIFFERS } : answer;
  },
};
