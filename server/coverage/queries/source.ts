/** One file with its lines: hits, branches, and the text when it was pushed or the repository shows it. */
import { zstdDecompressSync } from "node:zlib";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { OutboundError } from "../../platform/http/outbound.ts";
import type { Points } from "../lines/points.ts";
import { classOf, decodeRecord, hitsOf, type FileCoverage } from "../lines/record.ts";
import { percentages, type FileDetail, type FileInput, type SourceLine } from "../schema/index.ts";
import { fillIn, templateOf } from "../source-address.ts";
import { findView, pagesOf, type View } from "./commits.ts";
import { readEntries, readRecords } from "./content.ts";

/** A source file that a person reads. */
const MOST_SOURCE_BYTES = 1_024 * 1_024;
const SOURCE_TIMEOUT_MS = 5 * SECOND_MS;
/** Lines sent to the page. */
const MOST_LINES = 20_000;
/** Up to here hits are exact. */
const EXACT_CLASS = 3;

type Text = { text: string | null; source: FileDetail["source"]; problem: string | null };

async function pushedText(ctx: Context, { service, commit }: View, path: string): Promise<string | null> {
  const place = await ctx.db.coverageSource.findUnique({ where: { serviceId_commit_path: { serviceId: service.id, commit: commit!.commit, path } }, include: { text: true } });
  return place ? zstdDecompressSync(place.text.data).toString("utf8") : null;
}

async function fetchText(ctx: Context, url: string): Promise<Text> {
  try {
    const answer = await ctx.http.request({ url, timeoutMs: SOURCE_TIMEOUT_MS, maxBodyBytes: MOST_SOURCE_BYTES, maxRedirects: 2, signal: ctx.signal });
    if (answer.status !== 200) return { text: null, source: "none", problem: `The repository answered ${answer.status}. A private one needs the text pushed with the report.` };
    return { text: Buffer.from(answer.body).toString("utf8"), source: "repository", problem: null };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { text: null, source: "none", problem: `The repository could not be asked: ${error.message}` };
  }
}

async function textOf(ctx: Context, view: View, path: string): Promise<Text> {
  const pushed = await pushedText(ctx, view, path);
  if (pushed !== null) return { text: pushed, source: "pushed", problem: null };
  const template = view.policy.sourceUrl ?? templateOf(view.service.repositoryUrl);
  if (!template) return { text: null, source: "none", problem: "No text was pushed, and the service names no repository that could be asked." };
  return fetchText(ctx, fillIn(template, { commit: view.commit!.commit, path }));
}

function byLine(points: Points | null): Map<number, { covered: number; total: number }> {
  const found = new Map<number, { covered: number; total: number }>();
  for (let i = 0; points && i < points.length; i++) {
    const line = points.at[i]!;
    const count = found.get(line) ?? { covered: 0, total: 0 };
    count.total += 1;
    if (points.hits[i]! > 0) count.covered += 1;
    found.set(line, count);
  }
  return found;
}

/** Lines of the text, or without one only those that a report names. */
function toLines(file: FileCoverage | null, text: string | null): SourceLine[] {
  const hits = new Map<number, number>();
  for (let i = 0; file?.lines && i < file.lines.length; i++) hits.set(file.lines.at[i]!, file.lines.hits[i]!);
  const branches = byLine(file?.branches ?? null);
  const texts = text?.split("\n");
  if (texts?.at(-1) === "") texts.pop();
  const numbers = texts ? texts.map((_, index) => index + 1) : [...hits.keys()];
  return numbers.slice(0, MOST_LINES).map((line) => {
    const count = hits.get(line) ?? null;
    return { line, hits: count === null ? null : hitsOf(classOf(count)), isAtLeast: count !== null && classOf(count) > EXACT_CLASS, branches: branches.get(line) ?? null, text: texts?.[line - 1]?.replace(/\r$/, "") ?? null };
  });
}

/** A file of a commit. Throws `not_found` when no report names it. */
export async function readFile(ctx: Context, input: FileInput): Promise<FileDetail> {
  const view = await findView(ctx, input);
  const entries = await readEntries(ctx, await pagesOf(ctx, view, input.flag));
  const entry = entries.find(({ path }) => path === input.path);
  if (!view.commit || !entry) throw new AppError("not_found", "No report of this commit names the file.");
  const data = entry.record === null ? undefined : (await readRecords(ctx, [entry.record])).get(entry.record);
  const { text, source, problem } = await textOf(ctx, view, entry.path);
  const { path, totals } = entry;
  return { path, commit: view.commit.commit, totals, percent: percentages(totals), lines: toLines(data ? decodeRecord(data) : null, text), source, sourceProblem: problem, isSummaryOnly: entry.record === null };
}
