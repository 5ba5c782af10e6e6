/** Reads files that a person named, with sentences for what usually goes wrong. `-` is standard input. */
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CliError, EXIT } from "./command.ts";

async function readInput(maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > maxBytes) throw new CliError(`Standard input is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`, EXIT.usage);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Bytes of a file. Throws CliError when it is not a file or cannot be seen. */
export function sizeOf(cwd: string, file: string): number {
  const facts = statSync(path.resolve(cwd, file), { throwIfNoEntry: false });
  if (!facts) throw new CliError(`${file} does not exist.`, EXIT.usage);
  if (!facts.isFile()) throw new CliError(`${file} is not a file.`, EXIT.usage);
  return facts.size;
}

/** The text of a file. Throws CliError when it is missing or larger than `maxBytes`. */
export async function readText(cwd: string, file: string, maxBytes: number): Promise<string> {
  if (file === "-") return readInput(maxBytes);
  if (sizeOf(cwd, file) > maxBytes) throw new CliError(`${file} is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`, EXIT.usage);
  return readFile(path.resolve(cwd, file), "utf8");
}
