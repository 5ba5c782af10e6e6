/** `seaworthy import`: takes over services from another tool's file. Shows the plan first. */
import { CliError, EXIT, type Command } from "../command.ts";
import { readText } from "../files.ts";
import type { Imported } from "../../import/imported.ts";

const FORMATS: Record<string, () => Promise<(text: string) => Imported>> = {
  "uptime-kuma": async () => (await import("../../import/uptime-kuma.ts")).importUptimeKuma,
  gatus: async () => (await import("../../import/gatus.ts")).importGatus,
  healthchecks: async () => (await import("../../import/healthchecks.ts")).importHealthchecks,
};

async function convert(format: string, text: string): Promise<Imported> {
  const load = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (!load) throw new CliError(`${format} is not a format. Formats are ${Object.keys(FORMATS).join(", ")}.`, EXIT.usage);
  const { ImportError } = await import("../../import/imported.ts");
  try {
    return (await load())(text);
  } catch (error) {
    if (error instanceof ImportError) throw new CliError(error.message, EXIT.usage);
    throw error;
  }
}

export const importFile: Command = {
  name: "import",
  about: "take over services from uptime-kuma, gatus or healthchecks; shows the plan, and with --yes carries it out",
  words: "<format> <file>",
  arity: [2, 2],
  options: [
    { name: "yes", about: "carry the plan out" },
    { name: "print", about: "print the manifest instead, to review or keep it; secrets become references" },
  ],
  run: async (world, [format = "", file = ""], options) => {
    const { FORMAT_VERSION, MAX_BYTES, writeText } = await import("../../manifest/document.ts");
    const { services, secrets, notes } = await convert(format, await readText(world.cwd, file, MAX_BYTES));
    const manifest = writeText({ version: FORMAT_VERSION, services });
    if (options["print"] === true) return { exitCode: EXIT.ok, output: { manifest, notes }, lines: [...notes.map((note) => `# ${note}`), manifest.trimEnd()] };
    const { applyText } = await import("../applying.ts");
    return applyText({ ...world, ci: world.ci, env: { ...world.env, ...secrets } }, manifest, { isDry: options["yes"] !== true, rest: "ignore", notes });
  },
};
