/** Files as rows of a list and as one level of folders. */
import type { Entry } from "./manifest.ts";
import { percentages, percentOf, type Count, type FileRow, type ListFiles, type TreeNode } from "./schema/index.ts";

/** How often the coverage of each path changed lately. */
export type Changes = ReadonlyMap<string, number>;

/** Rows of files; `gain` is measured against all lines of `entries`. */
export function toFileRows(entries: readonly Entry[], changes: Changes): FileRow[] {
  const all = entries.reduce((sum, { totals }) => sum + (totals.lines?.total ?? 0), 0);
  return entries.map(({ path, totals }) => {
    const uncovered = totals.lines ? totals.lines.total - totals.lines.covered : 0;
    const changed = changes.get(path) ?? 0;
    return { path, totals, percent: percentages(totals), uncovered, gain: all > 0 ? (100 * uncovered) / all : 0, risk: uncovered * (1 + changed), changes: changed };
  });
}

type Sort = ListFiles["sort"];
const byPath = (a: FileRow, b: FileRow) => (a.path < b.path ? -1 : 1);
const ORDER: Record<Sort, (a: FileRow, b: FileRow) => number> = {
  uncovered: (a, b) => b.uncovered - a.uncovered || byPath(a, b),
  risk: (a, b) => b.risk - a.risk || byPath(a, b),
  percent: (a, b) => (a.percent.lines ?? 101) - (b.percent.lines ?? 101) || byPath(a, b),
  path: byPath,
};

export function sortFiles(rows: readonly FileRow[], sort: Sort): FileRow[] {
  return rows.toSorted(ORDER[sort]);
}

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
