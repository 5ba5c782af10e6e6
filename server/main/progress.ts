/** The launcher's own lines for people, in the manner of scripts/launcher: what was done and how long it took. */

import { keepOutput } from "../platform/log-output.ts";

const MS_PER_SECOND = 1_000;
const NAME_WIDTH = 12;

const paint = (code: number, text: string) => (process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Bold on a terminal. */
export const strong = (text: string): string => paint(1, text);

/** Writes one line for people. */
export function say(text = ""): void {
  keepOutput();
  process.stdout.write(`${text}\n`);
}

/** Says that a step is done, and the time since `startedAt` (monotonic). */
export function sayDone(name: string, detail: string, startedAt: number): void {
  const seconds = ((performance.now() - startedAt) / MS_PER_SECOND).toFixed(1);
  say(`  ${paint(32, "✓")} ${name.padEnd(NAME_WIDTH)} ${detail}  ${paint(2, `${seconds} s`)}`);
}

/** Says what went wrong, on standard error. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
