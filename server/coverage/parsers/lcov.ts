/**
 * LCOV tracefiles (geninfo(1) of LCOV 1 and 2: SF, DA, BRDA, FN, FNDA, FNL, FNA, end_of_record). Works on bytes as they
 * come: lines that carry counts never become text, and a file is packed at its end, so memory does not grow with the
 * report. Everything else in a tracefile (LF, LH, TN, VER, …) repeats what the counts say and is skipped.
 */
import { AppError } from "../../platform/errors.ts";
import { addPoint, clearPoints, MOST_LINE, newPoints } from "../lines/points.ts";
import { pack, type ReportBuilder } from "../report.ts";
import type { ChunkReader } from "./reader.ts";

/** Longer than any path or function name; a longer line is no tracefile. */
const MOST_LINE_BYTES = 64 * 1_024;
const MOST_HITS = 0x7fffffff;

const NEWLINE = 10;
const COMMA = 44;
const MINUS = 45;
const COLON = 58;
const A = 65;
const B = 66;
const D = 68;
const F = 70;
const L = 76;
const N = 78;
const R = 82;
const S = 83;
const LOW_E = 101;
const LOW_N = 110;

/** Reads chunks of a tracefile into `report`. */
// One closure over the state of reading; each part of it is small.
// oxlint-disable-next-line max-lines-per-function
export function lcovReader(report: ReportBuilder): ChunkReader {
  const lines = newPoints();
  const branches = newPoints();
  const functions = newPoints();
  /** Functions of the open file by name (FN, FNDA) or by "#" and index (FNL, FNA): places in `functions`. */
  let names = new Map<string, number>();
  let path: string | null = null;
  let carry: Buffer | null = null;
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;

  const flush = () => {
    if (path !== null) {
      report.add(path, pack({ lines, branches: branches.length > 0 ? branches : null, functions: functions.length > 0 ? functions : null, statements: null }));
    }
    path = null;
    clearPoints(lines);
    clearPoints(branches);
    clearPoints(functions);
    if (names.size > 0) names = new Map();
  };

  /** The number at the cursor, which moves behind it; -1 when there is none. */
  const number = (): number => {
    let value = 0;
    const from = at;
    for (let digit = buffer[at]! - 48; digit >= 0 && digit <= 9; digit = buffer[at]! - 48) {
      value = value * 10 + digit;
      at += 1;
    }
    return at === from ? -1 : value;
  };
  const count = (): number => {
    const value = number();
    if (value >= 0) return value > MOST_HITS ? MOST_HITS : value;
    report.noteBadNumber();
    return 0;
  };
  const nextLine = () => {
    if (buffer[at] === NEWLINE) at += 1;
    else at = buffer.indexOf(NEWLINE, at) + 1;
  };
  const skipCommas = (howMany: number) => {
    for (let left = howMany; left > 0; left--) {
      while (buffer[at] !== COMMA && buffer[at] !== NEWLINE) at += 1;
      if (buffer[at] === COMMA) at += 1;
    }
  };
  /** The rest of the line as text, without white space around it. */
  const rest = (): string => buffer.toString("utf8", at, buffer.indexOf(NEWLINE, at)).trim();
  const isLineNumber = (line: number) => line >= 0 && line <= MOST_LINE;

  const lineCount = () => {
    const line = number();
    if (buffer[at] === COMMA) at += 1;
    const hits = count();
    if (isLineNumber(line)) addPoint(lines, line, hits);
    else report.noteBadNumber();
  };
  const branch = () => {
    const line = number();
    skipCommas(3);
    // A dash says that the expression was never evaluated.
    const taken = buffer[at] === MINUS && (buffer[at + 1]! < 48 || buffer[at + 1]! > 57) ? 0 : count();
    if (isLineNumber(line)) addPoint(branches, line, taken);
    else report.noteBadNumber();
  };
  const declare = (name: string, line: number) => {
    if (!isLineNumber(line) || names.has(name)) return;
    names.set(name, functions.length);
    addPoint(functions, line, 0);
  };
  const called = (name: string, hits: number) => {
    if (!names.has(name)) declare(name, 0);
    const place = names.get(name)!;
    functions.hits[place] = Math.max(functions.hits[place]!, hits);
  };
  /** FN:line[,end],name · FNDA:hits,name · FNL:index,line[,end] · FNA:index,hits,name */
  const functionLine = () => {
    const [third, fourth] = [buffer[at + 2], buffer[at + 3]];
    if (third === COLON) {
      at += 3;
      const line = number();
      const text = rest().replace(/^,(?:\d+,(?=.))?/, "");
      declare(text, line);
    } else if (third === D && fourth === A && buffer[at + 4] === COLON) {
      at += 5;
      const hits = count();
      skipCommas(1);
      called(rest(), hits);
    } else if ((third === L || third === A) && fourth === COLON) {
      at += 4;
      const name = `#${number()}`;
      skipCommas(1);
      if (third === L) declare(name, number());
      else called(name, count());
    }
  };

  /** Reads whole lines from `from` to `end`, which lies behind a newline. */
  const block = (chunk: Buffer, from: number, end: number) => {
    buffer = chunk;
    at = from;
    while (at < end) {
      const first = chunk[at];
      if (first === D && chunk[at + 1] === A && chunk[at + 2] === COLON) {
        at += 3;
        lineCount();
      } else if (first === B && chunk[at + 1] === R && chunk[at + 2] === D && chunk[at + 4] === COLON) {
        at += 5;
        branch();
      } else if (first === F && chunk[at + 1] === N) functionLine();
      else if (first === S && chunk[at + 1] === F && chunk[at + 2] === COLON) {
        flush();
        at += 3;
        path = rest();
      } else if (first === LOW_E && chunk[at + 1] === LOW_N) flush();
      nextLine();
    }
  };

  const keep = (tail: Buffer) => {
    const whole: Buffer = carry ? Buffer.concat([carry, tail]) : Buffer.from(tail);
    if (whole.length > MOST_LINE_BYTES) throw new AppError("invalid", `A line of the report is longer than ${MOST_LINE_BYTES / 1_024} KiB. Nothing was kept.`);
    carry = whole.length > 0 ? whole : null;
  };

  return {
    push: (chunk) => {
      const last = chunk.lastIndexOf(NEWLINE);
      if (last < 0) return keep(chunk);
      let from = 0;
      if (carry) {
        from = chunk.indexOf(NEWLINE) + 1;
        keep(chunk.subarray(0, from));
        const line: Buffer = carry;
        carry = null;
        block(line, 0, line.length);
      }
      block(chunk, from, last + 1);
      keep(chunk.subarray(last + 1));
    },
    end: () => {
      if (carry) block(Buffer.concat([carry, Buffer.from("\n")]), 0, carry.length + 1);
      flush();
    },
  };
}
