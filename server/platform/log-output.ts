/**
 * Where log lines go: standard output, whatever it is. A disk that is full or a reader that has gone must end no process: lines that
 * cannot be written are counted, and said to be missing once writing works again.
 */
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

const STDOUT = 1;

/** Keeps errors of standard output and error from ending the process. Safe to call often. */
export function keepOutput(): void {
  for (const stream of [process.stdout, process.stderr]) if (stream.listenerCount("error") === 0) stream.on("error", () => undefined);
}

type Write = (line: string) => void;

/** Writes lines, counts those that are lost, and adds a line that says how many once writing works again. */
export function countingLosses(write: Write, noticeOf: (lost: number) => string): Write {
  let lost = 0;
  return (line) => {
    try {
      if (lost > 0) write(noticeOf(lost));
      lost = 0;
      write(line);
    } catch {
      // There is nowhere left to tell it; the count is told later.
      lost += 1;
    }
  };
}

const noticeOf = (lost: number): string => `${JSON.stringify({ level: 40, time: new Date().toISOString(), msg: `${lost} log lines before this one could not be written` })}\n`;

function isStream(fd: number): boolean {
  const facts = fstatSync(fd);
  return isatty(fd) || facts.isFIFO() || facts.isSocket();
}

/** A writer of lines to standard output. A file is written directly: its stream would stay closed after one failure. */
export function lineWriter(): Write {
  keepOutput();
  if (isStream(STDOUT)) return (line) => void process.stdout.write(line);
  return countingLosses((line) => void writeSync(STDOUT, line), noticeOf);
}
