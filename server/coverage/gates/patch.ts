/**
 * A unified diff (diff -u, git diff) as lines that it adds, and their coverage. Only added lines count: what a change moved
 * out of sight is not its author's to test.
 */
import { countPoints, newPoints, addPoint } from "../lines/points.ts";
import type { FileCoverage } from "../lines/record.ts";
import type { Count } from "../schema/index.ts";

/** First and last added line, both included. */
export type Range = { from: number; to: number };
/** Added lines by path, ranges in order. */
export type AddedLines = Map<string, Range[]>;

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d{1,9})(?:,(\d+))? @@/;
/** More than any change that somebody reads. */
const MOST_FILES = 20_000;

/** The path after `+++ `: without the prefix b/, quotes and a time stamp; null for /dev/null. */
function pathOf(line: string): string | null {
  const text = line.slice(4).split("\t")[0]!.trim().replace(/^"(.*)"$/, "$1");
  if (text === "/dev/null" || text === "") return null;
  return text.replace(/^(?:b|w|i)\//, "");
}

function addLine(ranges: Range[], line: number): void {
  const last = ranges.at(-1);
  if (last && last.to === line - 1) last.to = line;
  else ranges.push({ from: line, to: line });
}

/** Reads a diff. Text that is no diff gives an empty map. */
export function addedLines(diff: string): AddedLines {
  const added: AddedLines = new Map();
  let ranges: Range[] | null = null;
  let line = 0;
  let leftOld = 0;
  let leftNew = 0;
  for (const text of diff.split("\n")) {
    if (leftOld > 0 || leftNew > 0) {
      const sign = text[0] ?? " ";
      if (sign === "\\") continue;
      if (sign === "+") {
        if (ranges) addLine(ranges, line);
        line += 1;
        leftNew -= 1;
      } else if (sign === "-") leftOld -= 1;
      else {
        line += 1;
        leftOld -= 1;
        leftNew -= 1;
      }
      continue;
    }
    if (text.startsWith("+++ ")) {
      const path = pathOf(text);
      if (path !== null && added.size < MOST_FILES) added.set(path, (ranges = added.get(path) ?? []));
      else ranges = null;
      continue;
    }
    const hunk = HUNK.exec(text);
    if (!hunk) continue;
    leftOld = Number(hunk[1] ?? 1);
    leftNew = Number(hunk[3] ?? 1);
    line = Number(hunk[2]);
  }
  return new Map([...added].filter(([, list]) => list.length > 0));
}

export type PatchFile = { count: Count; uncovered: Range[] };

/** How much of a file's added lines its coverage reaches. Lines without code count nothing. */
export function patchOfFile(file: FileCoverage, ranges: readonly Range[]): PatchFile {
  const picked = newPoints();
  const uncovered: Range[] = [];
  const { lines } = file;
  let range = 0;
  for (let i = 0; lines && i < lines.length; i++) {
    const at = lines.at[i]!;
    while (range < ranges.length && ranges[range]!.to < at) range += 1;
    if (range >= ranges.length) break;
    if (at < ranges[range]!.from) continue;
    addPoint(picked, at, lines.hits[i]!);
    if (lines.hits[i] === 0) addLine(uncovered, at);
  }
  return { count: countPoints(picked), uncovered };
}
