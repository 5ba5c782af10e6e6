/** `seaworthy export`: a console as a manifest. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { EXIT, text, type Command } from "../command.ts";

export const exportManifest: Command = {
  name: "export",
  about: "write services, checks and limits as a manifest; secrets stay masked",
  words: "",
  arity: [0, 0],
  options: [{ name: "output", value: "file", about: "write to this file instead of standard output" }],
  run: async (world, _words, options) => {
    const { exportManifestText } = await import("../../manifest/manifest.ts");
    const manifest = await exportManifestText(world.client());
    const file = text(options, "output");
    if (!file) return { exitCode: EXIT.ok, output: { manifest }, lines: [manifest.trimEnd()] };
    writeFileSync(path.resolve(world.cwd, file), manifest);
    return { exitCode: EXIT.ok, output: { file }, lines: [`Written to ${file}.`] };
  },
};
