/**
 * Walks a large JSON object member by member without holding it: only the bytes of one member are kept, and only they are
 * given to JSON.parse. What is not an object at the top, is nested too deep or has a member too large is refused (RFC 8259).
 */
import { AppError } from "../../platform/errors.ts";
import type { ChunkReader } from "./reader.ts";

/** One file's part of a report; the largest seen in practice are some 4 MiB. */
const MOST_MEMBER_BYTES = 32 * 1_024 * 1_024;
/** Reports nest six deep. */
const MOST_DEPTH = 32;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = [123, 91];
const CLOSE = [125, 93];

const damaged = () => new AppError("invalid", "The report is no complete JSON object. Nothing was kept.");

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new AppError("invalid", "The report is not valid JSON. Nothing was kept.", { cause });
  }
}

/** Calls `member` for each member of the object that the bytes make. */
// One closure over the state of reading; each part of it is small.
// oxlint-disable-next-line max-lines-per-function
export function memberReader(member: (name: string, value: unknown) => void, done: () => void): ChunkReader {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let parts: Buffer[] = [];
  let kept = 0;
  let name: string | null = null;
  let isDone = false;

  const take = (chunk: Buffer, from: number, to: number) => {
    if (to <= from) return;
    parts.push(Buffer.from(chunk.subarray(from, to)));
    kept += to - from;
    if (kept > MOST_MEMBER_BYTES) throw new AppError("invalid", "One file's part of the report is larger than 32 MiB. Nothing was kept.");
  };
  const taken = (): Buffer => {
    const all = Buffer.concat(parts);
    parts = [];
    kept = 0;
    return all;
  };
  const finishMember = () => {
    const bytes = taken();
    if (name === null) {
      if (bytes.toString("utf8").trim() !== "") throw damaged();
      return;
    }
    member(name, parse(bytes));
    name = null;
  };
  /** A structural byte outside text. True when the bytes before it end here. */
  const isCut = (byte: number): boolean => {
    if (OPEN.includes(byte)) {
      depth += 1;
      if (depth > MOST_DEPTH) throw new AppError("invalid", `The report is nested deeper than ${MOST_DEPTH} levels. Nothing was kept.`);
      if (depth === 1 && byte !== OPEN[0]) throw damaged();
      return depth === 1;
    }
    if (CLOSE.includes(byte)) {
      depth -= 1;
      return depth === 0;
    }
    return depth === 1 && (byte === COMMA || (byte === COLON && name === null));
  };
  const cut = (byte: number) => {
    if (OPEN.includes(byte)) {
      taken();
      return;
    }
    if (byte === COLON) {
      const text = parse(taken());
      if (typeof text !== "string") throw damaged();
      name = text;
      return;
    }
    finishMember();
    if (CLOSE.includes(byte)) isDone = true;
  };

  const push = (chunk: Buffer) => {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = true;
      else if ((byte === COMMA || byte === COLON || byte >= 91) && (byte === COMMA || byte === COLON || OPEN.includes(byte) || CLOSE.includes(byte)) && isCut(byte)) {
        if (isDone) throw damaged();
        take(chunk, from, at);
        cut(byte);
        from = at + 1;
      }
    }
    take(chunk, from, chunk.length);
  };
  const end = () => {
    if (!isDone || depth !== 0 || taken().toString("utf8").trim() !== "") throw damaged();
    done();
  };
  return { push, end };
}
