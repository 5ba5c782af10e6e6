/** Reads a report of any format, told by its content: a stream line by line, everything else as one JSON document. */
import { AppError } from "../../platform/errors.ts";
import type { Format } from "../schema.ts";
import { parseArtillery } from "./artillery.ts";
import { parseAutocannon } from "./autocannon.ts";
import { parseK6Export, parseK6Machine, parseK6Summary } from "./k6.ts";
import { createStreamReader, isStreamLine } from "./k6-stream.ts";
import { isObject, type Json, type Parsed } from "./parsed.ts";

const MIB = 1_024 * 1_024;
/** A stream of a long test is large; a summary is some kilobytes, and parsing it whole must not hold up others. */
export const MAX_STREAM_BYTES = 200 * MIB;
const MAX_DOCUMENT_BYTES = 24 * MIB;
/** A line of a stream is some hundred bytes. */
const MAX_LINE_BYTES = MIB;

type JsonFormat = Exclude<Format, "k6-stream">;

/** What makes a document of each kind, and how it is read. Every format but the stream has its line here. */
const READERS: Record<JsonFormat, { isOne: (json: Json) => boolean; parse: (json: Json) => Parsed }> = {
  "k6-machine": { isOne: ({ results, config, version }) => isObject(results) && Array.isArray(results.metrics) && (isObject(config) || typeof version === "string"), parse: parseK6Machine },
  artillery: { isOne: ({ aggregate }) => isObject(aggregate), parse: parseArtillery },
  autocannon: { isOne: ({ latency, requests, throughput }) => isObject(latency) && isObject(requests) && isObject(throughput), parse: parseAutocannon },
  "k6-summary": { isOne: ({ metrics, state }) => isObject(metrics) && (isObject(state) || Object.values(metrics).some((metric) => isObject(metric) && isObject(metric.values))), parse: parseK6Summary },
  "k6-export": { isOne: ({ metrics }) => isObject(metrics), parse: parseK6Export },
};

const notAReport = () => new AppError("invalid", "This is no report of k6, autocannon or Artillery. Send the JSON that the tool wrote. Nothing was kept.");
const broken = (cause: unknown) => new AppError("invalid", "The file is not valid JSON; it may be cut off. Nothing was kept.", { cause });

/** Some writers put numbers into JSON that it does not have; they tell nothing, so they become null. */
const withoutWildNumbers = (text: string): string => text.replaceAll(/([:[,]\s*)(?:-?Infinity|NaN)(?=\s*[,}\]])/g, "$1null");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutWildNumbers(text));
    } catch (error) {
      throw broken(error);
    }
  }
}

/** Reads one JSON document. Throws AppError `invalid` when it is no report. */
export function parseDocument(text: string): Parsed {
  const json = parseJson(text);
  if (!isObject(json)) throw notAReport();
  const reader = Object.values(READERS).find(({ isOne }) => isOne(json));
  if (!reader) throw notAReport();
  return reader.parse(json);
}

function firstLineIsStream(text: string): boolean {
  const end = text.indexOf("\n");
  if (end < 0) return false;
  try {
    return isStreamLine(JSON.parse(text.slice(0, end)));
  } catch {
    return false;
  }
}

/** Other work gets its turn between two chunks. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

/** Reads a file chunk by chunk. Throws AppError `invalid` for what is no report, too long a line, or too large a document. */
export async function readReport(chunks: AsyncIterable<Uint8Array>): Promise<Parsed> {
  const decoder = new TextDecoder();
  let stream: ReturnType<typeof createStreamReader> | null = null;
  let rest = "";
  let isFirst = true;
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    if (isFirst) rest = rest.replace(/^\uFEFF/, "").trimStart();
    if (isFirst && (rest.includes("\n") || rest.length > MAX_LINE_BYTES)) {
      isFirst = false;
      if (firstLineIsStream(rest)) stream = createStreamReader();
    }
    if (stream) {
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) stream.line(line);
      if (rest.length > MAX_LINE_BYTES) throw new AppError("invalid", "A line of the stream is longer than 1 MiB. Nothing was kept.");
      await breathe();
    } else if (rest.length > MAX_DOCUMENT_BYTES) {
      throw new AppError("invalid", "A summary is at most 24 MiB. Send k6's stream for longer data. Nothing was kept.");
    }
  }
  rest += decoder.decode();
  if (stream) {
    if (rest) stream.line(rest);
    return stream.finish();
  }
  return parseDocument(rest);
}
