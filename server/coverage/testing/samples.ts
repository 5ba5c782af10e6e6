/** Reports to test with: our own tests in every format that they can write, and small ones of other tools by hand. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { readReport, readTests } from "../parsers/read-report.ts";
import type { TestReport } from "../parsers/junit.ts";
import type { PathRules } from "../paths.ts";
import type { ParsedReport } from "../report.ts";

export const sample = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, "samples", name));

/** Bytes as they come over a line: in pieces that respect nothing. */
export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads a report from text or bytes, in pieces of `size` bytes. */
export function read(content: string | Buffer, rules: PathRules = {}, size = 1_000): Promise<ParsedReport> {
  return readReport(inPieces(Buffer.from(content), size), rules);
}

export function readJunit(content: string | Buffer, size = 1_000): Promise<TestReport> {
  return readTests(inPieces(Buffer.from(content), size));
}

/** A tracefile: hits by line, by path. */
export function lcovOf(files: Record<string, Record<number, number>>): string {
  const record = ([name, lines]: [string, Record<number, number>]) => `SF:${name}\n${Object.entries(lines).map(([line, hits]) => `DA:${line},${hits}\n`).join("")}end_of_record\n`;
  return `TN:\n${Object.entries(files).map(record).join("")}`;
}
