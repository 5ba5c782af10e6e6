/** Splits bytes into lines of text, for formats whose lines are few. */
import { AppError } from "../../platform/errors.ts";
import type { ChunkReader } from "./reader.ts";

const NEWLINE = 10;
/** A longer line is no report. */
const MOST_LINE_BYTES = 64 * 1_024;

/** Calls `line` for each line, without its end. */
export function lineReader(line: (text: string) => void, done: () => void): ChunkReader {
  let carry = Buffer.alloc(0);
  return {
    push: (chunk) => {
      const last = chunk.lastIndexOf(NEWLINE);
      if (last >= 0) {
        const text = Buffer.concat([carry, chunk.subarray(0, last)]).toString("utf8");
        for (const one of text.split("\n")) line(one.trim());
        carry = Buffer.alloc(0);
      }
      carry = Buffer.concat([carry, chunk.subarray(last + 1)]);
      if (carry.length > MOST_LINE_BYTES) throw new AppError("invalid", `A line of the report is longer than ${MOST_LINE_BYTES / 1_024} KiB. Nothing was kept.`);
    },
    end: () => {
      if (carry.length > 0) line(carry.toString("utf8").trim());
      done();
    },
  };
}
