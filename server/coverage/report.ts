/**
 * A report while it is read: files by the path the report names, each already packed, so that a report of any size needs
 * the memory of its result. `finish` gives the files their paths in the repository.
 */
import { AppError } from "../platform/errors.ts";
import { breathe } from "./breath.ts";
import { decodeRecord, encodeRecord, mergeFiles, totalsOf, type FileCoverage } from "./lines/record.ts";
import { sumTotals, type Totals } from "./schema/measures.ts";
import { pathMapper, type PathRules } from "./paths.ts";
import type { ReportFormat } from "./schema/index.ts";

/** More files than any repository has; beyond it something else was sent. */
const MOST_FILES = 200_000;

/** One file: its record (null when the report has only totals) and its totals. */
export type PackedFile = { data: Buffer | null; totals: Totals };

export type ParsedReport = { format: ReportFormat; files: Map<string, PackedFile>; notes: string[] };

/** Joins two accounts of one file; of two that are totals only, the better one stays. */
export function joinPacked(a: PackedFile, b: PackedFile): PackedFile {
  if (!a.data || !b.data) {
    if (a.data || b.data) return a.data ? a : b;
    return (b.totals.lines?.covered ?? 0) > (a.totals.lines?.covered ?? 0) ? b : a;
  }
  if (a.data.equals(b.data)) return a;
  return pack(mergeFiles(decodeRecord(a.data), decodeRecord(b.data)));
}

/** Packs a file; its points are copied, so the caller may reuse them. */
export function pack(file: FileCoverage): PackedFile {
  const data = encodeRecord(file);
  return { data, totals: totalsOf(file) };
}

export type ReportBuilder = {
  add: (path: string, file: PackedFile) => void;
  /** Remembers that a number could not be used; it counts as not hit. */
  noteBadNumber: () => void;
  finish: (format: ReportFormat, rules: PathRules) => Promise<ParsedReport>;
};

function put(files: Map<string, PackedFile>, path: string, file: PackedFile): void {
  const known = files.get(path);
  files.set(path, known ? joinPacked(known, file) : file);
}

const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);

/** Files placed between two breaths. */
const FILES_A_BREATH = 1_000;

export function newReport(): ReportBuilder {
  const found = new Map<string, PackedFile>();
  let badNumbers = 0;
  return {
    add: (path, file) => {
      if (found.size >= MOST_FILES && !found.has(path)) throw new AppError("invalid", `The report names more than ${MOST_FILES} files. Nothing was kept.`);
      put(found, path, file);
    },
    noteBadNumber: () => {
      badNumbers += 1;
    },
    finish: async (format, rules) => {
      if (found.size === 0) throw new AppError("invalid", `The report is ${format} but names no file. Nothing was kept.`);
      const toPath = pathMapper(found.keys(), rules);
      const placed = new Map<string, PackedFile>();
      let skipped = 0;
      let looked = 0;
      for (const [name, file] of found) {
        looked += 1;
        if (looked % FILES_A_BREATH === 0) await breathe();
        const path = toPath(name);
        if (path === null) skipped += 1;
        else put(placed, path, file);
      }
      if (placed.size === 0) throw new AppError("invalid", "No file of the report lies inside the repository. Nothing was kept; send the folder of the checkout as `root`.");
      const notes = [
        ...(skipped > 0 ? [`${files(skipped)} left out: outside the repository, or a path that cannot be one.`] : []),
        ...(badNumbers > 0 ? [`${badNumbers} counts were no counts and are taken as not hit.`] : []),
      ];
      return { format, files: placed, notes };
    },
  };
}

/** Adds up the totals of a report's files. */
export function reportTotals(report: ParsedReport): Totals {
  return sumTotals(report.files.values().map(({ totals }) => totals));
}
