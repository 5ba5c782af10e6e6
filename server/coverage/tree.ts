/** Files as rows of a list and as one level of folders. */
import type { Entry } from "./manifest.ts";
import { percentages, percentOf, type Count, type FileRow, type ListFiles, type TreeNode } from "./schema/index.ts";

/** How often the coverage of each path changed lately. */
export type Changes = ReadonlyMap<string, number>;

type Sort = ListFiles["sort"];

const uncoveredOf = ({ totals: { lines } }: Entry): number => (lines ? lines.total - lines.covered : 0);

/** What a file is sorted by; the larger comes first. */
const WEIGHTS: Record<Exclude<Sort, "path">, (entry: Entry, changes: Changes) => number> = {
  uncovered: uncoveredOf,
  risk: (entry, changes) => uncoveredOf(entry) * (1 + (changes.get(entry.path) ?? 0)),
  // Files that nothing is known of come last.
  percent: ({ totals }) => -(percentOf(totals.lines) ?? 101),
};

const byPath = (a: Entry, b: Entry) => (a.path < b.path ? -1 : 1);

/** Sorts files; of twenty thousand only those shown are made into rows. */
export function sortFiles(entries: readonly Entry[], sort: Sort, changes: Changes): Entry[] {
  if (sort === "path") return entries.toSorted(byPath);
  const weigh = WEIGHTS[sort];
  return entries
    .map((entry) => ({ entry, weight: weigh(entry, changes) }))
    .sort((a, b) => b.weight - a.weight || byPath(a.entry, b.entry))
    .map(({ entry }) => entry);
}

/** A row of a file; `allLines` is what its gain is measured against. */
export function toFileRow(entry: Entry, changes: Changes, allLines: number): FileRow {
  const { path, totals } = entry;
  const uncovered = uncoveredOf(entry);
  return { path, totals, percent: percentages(totals), uncovered, gain: allLines > 0 ? (100 * uncovered) / allLines : 0, risk: WEIGHTS.risk(entry, changes), changes: changes.get(path) ?? 0 };
}

/** Lines of all files together. */
export const linesOf = (entries: readonly Entry[]): number => entries.reduce((sum, { totals }) => sum + (totals.lines?.total ?? 0), 0);

/** True for a file inside the folder; the empty folder holds all. */
export const isInside = (path: string, folder: string): boolean => folder === "" || path.startsWith(`${folder}/`);

type Sum = { isFolder: boolean; files: number; lines: Count };

/** The folder's children, largest first. A folder that holds nothing but one folder is shown as both: `src/app`. */
export function childrenOf(entries: readonly Entry[], folder: string): TreeNode[] {
  const start = folder === "" ? 0 : folder.length + 1;
  const sums = new Map<string, Sum>();
  for (const { path, totals } of entries) {
    if (!isInside(path, folder)) continue;
    const slash = path.indexOf("/", start);
    const name = slash < 0 ? path.slice(start) : path.slice(start, slash);
    const sum = sums.get(name) ?? { isFolder: slash >= 0, files: 0, lines: { covered: 0, total: 0 } };
    sum.files += 1;
    sum.lines.covered += totals.lines?.covered ?? 0;
    sum.lines.total += totals.lines?.total ?? 0;
    sums.set(name, sum);
  }
  const nodes = [...sums].map(([name, { isFolder, files, lines }]): TreeNode => ({ name, path: folder === "" ? name : `${folder}/${name}`, isFolder, files, lines, percent: percentOf(lines) }));
  return nodes.toSorted((a, b) => b.lines.total - a.lines.total || (a.name < b.name ? -1 : 1));
}

/** Down through folders that hold nothing but one folder, so that the first picture shows something. */
export function firstFork(entries: readonly Entry[], folder: string): string {
  for (let at = folder; ; ) {
    const nodes = childrenOf(entries, at);
    const only = nodes.length === 1 ? nodes[0] : undefined;
    if (!only?.isFolder) return at;
    at = only.path;
  }
}
