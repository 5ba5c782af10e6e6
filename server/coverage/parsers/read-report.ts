/**
 * Which format a file is, by what stands in it and never by its name, and reading it. Clover and Cobertura share the name
 * `coverage.xml` and the root `coverage`; their attributes and first child tell them apart.
 */
import { AppError } from "../../platform/errors.ts";
import type { PathRules } from "../paths.ts";
import { newReport, type ParsedReport, type ReportBuilder } from "../report.ts";
import type { ReportFormat } from "../schema/index.ts";
import { cloverHandler } from "./clover.ts";
import { coberturaHandler } from "./cobertura.ts";
import { goReader } from "./go.ts";
import { istanbulReader } from "./istanbul.ts";
import { jacocoHandler } from "./jacoco.ts";
import { junitReader, type TestReport } from "./junit.ts";
import { lcovReader } from "./lcov.ts";
import type { ChunkReader } from "./reader.ts";
import { xmlReader, type XmlHandler } from "./xml.ts";

/** Enough of a file to tell what it is. */
const HEAD_BYTES = 4_096;

type OpenReport = { reader: ChunkReader; format: () => ReportFormat };

const unknown = (hint = "") => new AppError("invalid", `The file is no coverage report that is known here: LCOV, Cobertura, Clover, JaCoCo, Istanbul JSON or a Go cover profile.${hint} Nothing was kept.`);

/** Decides between Clover and Cobertura at the first child when the root's attributes do not tell. */
function coverageHandler(attributes: Record<string, string>, report: ReportBuilder, tell: (format: ReportFormat) => void): XmlHandler {
  const handlers = { clover: cloverHandler(report), cobertura: coberturaHandler(report) };
  let chosen: keyof typeof handlers | null = "clover" in attributes || "generated" in attributes ? "clover" : "line-rate" in attributes ? "cobertura" : null;
  if (chosen) tell(chosen);
  return {
    open: (name, given) => {
      if (name === "coverage") return;
      chosen ??= name === "project" || name === "testproject" ? "clover" : "cobertura";
      tell(chosen);
      handlers[chosen].open(name, given);
    },
    close: (name) => (chosen ? handlers[chosen].close(name) : undefined),
  };
}

function openXml(report: ReportBuilder): OpenReport {
  let format: ReportFormat = "cobertura";
  const tell = (found: ReportFormat) => {
    format = found;
  };
  const reader = xmlReader((root, attributes) => {
    if (root === "coverage") return coverageHandler(attributes, report, tell);
    if (root === "report") {
      tell("jacoco");
      return jacocoHandler(report);
    }
    if (root === "testsuite" || root === "testsuites") throw unknown(" It is a JUnit report: send it as test results.");
    throw unknown(` It is XML that begins with <${root.slice(0, 60)}>.`);
  }, () => undefined);
  return { reader, format: () => format };
}

/** The reader for a file that begins with `head`. Throws AppError `invalid` when nothing fits. */
export function openReport(head: Buffer, report: ReportBuilder): OpenReport {
  const text = head.subarray(0, HEAD_BYTES).toString("utf8").replace(/^\uFEFF/, "").trimStart();
  if (text.startsWith("<")) return openXml(report);
  if (text.startsWith("{")) {
    const reader = istanbulReader(report);
    return { reader, format: reader.kind };
  }
  if (/^mode: (set|count|atomic)\s/.test(text)) return { reader: goReader(report), format: () => "go" };
  if (/^(?:#.*\n|\s)*(?:TN:|SF:|VER:)/.test(text)) return { reader: lcovReader(report), format: () => "lcov" };
  if (text.startsWith("PK")) throw unknown(" It is a zip archive: send the report in it, or gzip of it.");
  throw unknown();
}

/** Opens the reader once enough has come to tell the format, then gives it everything. */
async function feed(chunks: AsyncIterable<Buffer>, open: (head: Buffer) => ChunkReader, signal?: AbortSignal): Promise<void> {
  let reader: ChunkReader | null = null;
  let head = Buffer.alloc(0);
  const begin = () => {
    reader = open(head);
    reader.push(head);
    return reader;
  };
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    if (reader) {
      (reader as ChunkReader).push(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length >= HEAD_BYTES) begin();
  }
  (reader ?? begin()).end();
}

/** Reads a coverage report. Throws AppError `invalid` for what is none. */
export async function readReport(chunks: AsyncIterable<Buffer>, rules: PathRules, signal?: AbortSignal): Promise<ParsedReport> {
  const report = newReport();
  let opened: OpenReport | undefined;
  await feed(chunks, (head) => (opened = openReport(head, report)).reader, signal);
  return report.finish(opened?.format() ?? "lcov", rules);
}

/** Reads a JUnit report. Throws AppError `invalid` for what is none, or when it names no test. */
export async function readTests(chunks: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<TestReport> {
  const reader = junitReader();
  await feed(chunks, (head) => {
    if (!head.subarray(0, HEAD_BYTES).toString("utf8").replace(/^\uFEFF/, "").trimStart().startsWith("<")) throw new AppError("invalid", "The file is no JUnit XML report. Nothing was kept.");
    return reader;
  }, signal);
  const tests = reader.result();
  if (tests.cases.length === 0) throw new AppError("invalid", "The report names no test. Nothing was kept.");
  return tests;
}
