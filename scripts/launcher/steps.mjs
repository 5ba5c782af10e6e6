/**
 * Calm progress lines: one a step, with what was done and how long it took. On a terminal the line of a running step
 * is replaced when it ends; elsewhere there is a line for its beginning and one for its end.
 */
const CLEAR_LINE = "\r\u001b[2K";
const NAME_WIDTH = 12;
const MS_PER_SECOND = 1000;

let stream = process.stdout;

/** Sends all further lines to standard error, for commands whose answer goes to standard output. */
export function sayOnStandardError() {
  stream = process.stderr;
}

const isTerminal = () => stream.isTTY === true;
const paint = (code, text) => (isTerminal() && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Bold on a terminal. */
export const strong = (text) => paint(1, text);
/** Dim on a terminal. */
export const faint = (text) => paint(2, text);

/** Writes one line for people. */
export function say(text = "") {
  stream.write(`${text}\n`);
}

function line(mark, name, { detail, ms }) {
  const time = ms === undefined ? "" : `  ${faint(`${(ms / MS_PER_SECOND).toFixed(1)} s`)}`;
  return `  ${mark} ${name.padEnd(NAME_WIDTH)} ${detail}${time}`;
}

/**
 * Runs `work` as a step. `detail` says why it runs; what `work` resolves to (text) replaces it when it is done.
 * A failure marks the line and is thrown on.
 */
export async function step(name, detail, work) {
  const startedAt = performance.now();
  stream.write(line(faint("·"), name, { detail: faint(detail) }));
  if (!isTerminal()) say();
  const finish = (mark, text) => {
    if (isTerminal()) stream.write(CLEAR_LINE);
    say(line(mark, name, { detail: text, ms: performance.now() - startedAt }));
  };
  try {
    const result = await work();
    finish(paint(32, "✓"), typeof result === "string" ? result : detail);
    return result;
  } catch (error) {
    finish(paint(31, "✗"), detail);
    throw error;
  }
}

/** A failure whose message is all that people need; `exitCode` is what the process ends with. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "Refusal";
    this.exitCode = exitCode;
  }
}
