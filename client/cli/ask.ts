/** Asks for a secret at the terminal without showing it, or reads it from a pipe. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CliError, EXIT } from "./command.ts";

/** Longer than any key; a file piped by mistake ends here. */
const LONGEST_SECRET = 4_096;

async function readPipe(): Promise<string> {
  let read = "";
  for await (const part of process.stdin) {
    read += String(part);
    if (read.length > LONGEST_SECRET) throw new CliError("That is too long for a key.", EXIT.usage);
  }
  return read.trim();
}

/** The answer without the line's end. The question goes to standard error, so that standard output stays clean. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return readPipe();
  process.stderr.write(question);
  const silent = new Writable({ write: (_part, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise((resolve) => reader.question("", (answer) => resolve(answer.trim())));
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
