/**
 * Istanbul's JSON: `coverage-final.json` (per file statementMap/s, fnMap/f, branchMap/b) and `coverage-summary.json` (per
 * file and in all { total, covered } of each measure). As in istanbul-lib-coverage, a line is hit as often as the most
 * executed statement that begins on it. A summary has no lines, so nothing can be merged or shown by line.
 */
import * as z from "zod";
import { AppError } from "../../platform/errors.ts";
import { addPoint, MOST_LINE, newPoints, type Points } from "../lines/points.ts";
import type { Count } from "../schema/measures.ts";
import { pack, type PackedFile, type ReportBuilder } from "../report.ts";
import { memberReader } from "./json-members.ts";
import type { ChunkReader } from "./reader.ts";

const Place = z.object({ start: z.object({ line: z.unknown() }).partial().optional() }).partial();
const Counts = z.record(z.string(), z.unknown());
const Final = z.object({
  path: z.string().optional(),
  statementMap: z.record(z.string(), Place),
  s: Counts,
  fnMap: z.record(z.string(), z.object({ decl: Place.optional(), loc: Place.optional(), line: z.unknown() }).partial()).default({}),
  f: Counts.default({}),
  branchMap: z.record(z.string(), z.object({ loc: Place.optional(), line: z.unknown() }).partial()).default({}),
  b: z.record(z.string(), z.array(z.unknown())).default({}),
});
type Final = z.infer<typeof Final>;

const Ratio = z.object({ total: z.int().min(0), covered: z.int().min(0) }).refine(({ total, covered }) => covered <= total);
const Summary = z.object({ lines: Ratio, statements: Ratio, functions: Ratio, branches: Ratio });

const MOST_HITS = 0x7fffffff;

const lineOf = (value: unknown): number | null => (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_LINE ? value : null);

function finalFile(file: Final, noteBadNumber: () => void): PackedFile {
  const hitsOf = (value: unknown): number => {
    if (typeof value === "number" && value >= 0 && !Number.isNaN(value)) return Math.min(Math.floor(value), MOST_HITS);
    noteBadNumber();
    return 0;
  };
  const add = (points: Points, line: unknown, hits: unknown) => {
    const at = lineOf(line);
    if (at === null) noteBadNumber();
    else addPoint(points, at, hitsOf(hits));
  };
  const statements = newPoints();
  const byLine = new Map<number, number>();
  for (const [id, place] of Object.entries(file.statementMap)) {
    add(statements, place.start?.line, file.s[id]);
    const line = lineOf(place.start?.line);
    if (line !== null) byLine.set(line, Math.max(byLine.get(line) ?? 0, statements.hits[statements.length - 1]!));
  }
  const lines = newPoints();
  for (const [line, hits] of byLine) addPoint(lines, line, hits);
  const functions = newPoints();
  for (const [id, made] of Object.entries(file.fnMap)) add(functions, made.decl?.start?.line ?? made.loc?.start?.line ?? made.line, file.f[id]);
  const branches = newPoints();
  for (const [id, made] of Object.entries(file.branchMap)) for (const hits of file.b[id] ?? []) add(branches, made.loc?.start?.line ?? made.line, hits);
  return pack({ lines, branches, functions, statements });
}

const plainCount = ({ covered, total }: Count): Count => ({ covered, total });

export type IstanbulKind = "istanbul-final" | "istanbul-summary";

/** Reads chunks of either file into `report`; `kind` tells at the end which it was. */
export function istanbulReader(report: ReportBuilder): ChunkReader & { kind: () => IstanbulKind } {
  let kind: IstanbulKind | null = null;
  const member = (name: string, value: unknown) => {
    const final = kind === "istanbul-summary" ? null : Final.safeParse(value);
    if (final?.success) {
      kind = "istanbul-final";
      report.add(final.data.path ?? name, finalFile(final.data, report.noteBadNumber));
      return;
    }
    const summary = kind === "istanbul-final" ? null : Summary.safeParse(value);
    if (!summary?.success) throw new AppError("invalid", "The JSON is neither Istanbul's coverage-final nor its coverage-summary. Nothing was kept.");
    kind = "istanbul-summary";
    const { lines, branches, functions, statements } = summary.data;
    if (name !== "total") report.add(name, { data: null, totals: { lines: plainCount(lines), branches: plainCount(branches), functions: plainCount(functions), statements: plainCount(statements) } });
  };
  return { ...memberReader(member, () => undefined), kind: () => kind ?? "istanbul-final" };
}
