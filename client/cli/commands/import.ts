/** `seaworthy import`: takes over services from a spreadsheet or another tool's file. Shows the plan first. */
import { CliError, EXIT, type Command } from "../command.ts";
import { readText } from "../files.ts";

async function convert(format: string, text: string) {
  const { IMPORT_FORMATS, isImportFormat, toManifest } = await import("../../import/formats.ts");
  const { ImportError } = await import("../../import/imported.ts");
  if (!isImportFormat(format)) throw new CliError(`${format} is not a format. Formats are csv, ${IMPORT_FORMATS.join(", ")}.`, EXIT.usage);
  try {
    return await toManifest(format, text);
  } catch (error) {
    if (error instanceof ImportError) throw new CliError(error.message, EXIT.usage);
    throw error;
  }
}

export const importFile: Command = {
  name: "import",
  about: "take over services from csv, uptime-kuma, gatus or healthchecks; shows the plan, and with --yes carries it out",
  words: "<format> <file>",
  arity: [2, 2],
  options: [
    { name: "yes", about: "carry the plan out" },
    { name: "skip-problems", about: "csv: leave out lines that cannot be taken; otherwise nothing is imported then" },
    { name: "print", about: "print the manifest instead, to review or keep it; secrets become references" },
  ],
  run: async (world, [format = "", file = ""], options) => {
    const { MAX_BYTES } = await import("../../manifest/document.ts");
    if (format === "csv") {
      const { importCsv } = await import("./import-csv.ts");
      if (options["print"] === true) throw new CliError("A spreadsheet is no list of checks; import it and use seaworthy export to print a manifest.", EXIT.usage);
      return importCsv(world, await readText(world.cwd, file, MAX_BYTES), { isDone: options["yes"] === true, leavesOutProblems: options["skip-problems"] === true });
    }
    const { manifest, secrets, notes } = await convert(format, await readText(world.cwd, file, MAX_BYTES));
    if (options["print"] === true) return { exitCode: EXIT.ok, output: { manifest, notes }, lines: [...notes.map((note) => `# ${note}`), manifest.trimEnd()] };
    const { applyText } = await import("../applying.ts");
    return applyText({ ...world, ci: world.ci, env: { ...world.env, ...secrets } }, manifest, { isDry: options["yes"] !== true, rest: "ignore", notes });
  },
};
