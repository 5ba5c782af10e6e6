/**
 * Floors of single files: `src/cache/**` must have at least 70 %. Of several globs that match a file the last decides, so
 * a general rule stands first and exceptions follow. Globs know `**`, `*`, `?` and `{a,b}`; they are matched in linear time.
 */
import { compilePattern } from "../../platform/regex.ts";
import { percentOf, type Floor, type Totals } from "../schema/index.ts";

/** What each part of a glob is in a pattern; everything else stands for itself. */
const PARTS: Record<string, string> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "," };

/** The glob as a pattern over whole paths. */
export function globPattern(glob: string): string {
  let isChoice = false;
  const body = glob.replace(/^\.?\//, "").replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]\\]/g, (part) => {
    if (part === "{" || part === "}") isChoice = part === "{";
    if (part === "," && isChoice) return "|";
    return PARTS[part] ?? `\\${part}`;
  });
  return `^${body}$`;
}

type Matcher = { floor: Floor; matches: (path: string) => boolean };

/** Compiles floors once for many files. A glob that cannot be compiled matches nothing. */
export function compileFloors(floors: readonly Floor[]): Matcher[] {
  return floors.flatMap((floor) => {
    try {
      const pattern = compilePattern(globPattern(floor.glob));
      return [{ floor, matches: (path: string) => pattern.search(path).isMatch }];
    } catch {
      return [];
    }
  });
}

/** The floor of a file for a measure, or null. */
export function floorOf(matchers: readonly Matcher[], path: string, measure: Floor["measure"]): Floor | null {
  return matchers.findLast((one) => one.floor.measure === measure && one.matches(path))?.floor ?? null;
}

export type Below = { path: string; floor: Floor; value: number };

/** Files below their floor, furthest below first. */
export function filesBelow(floors: readonly Floor[], files: Iterable<{ path: string; totals: Totals }>): Below[] {
  if (floors.length === 0) return [];
  const matchers = compileFloors(floors);
  const measures = [...new Set(floors.map((floor) => floor.measure))];
  const below: Below[] = [];
  for (const { path, totals } of files) {
    for (const measure of measures) {
      const value = percentOf(totals[measure]);
      const floor = value === null ? null : floorOf(matchers, path, measure);
      if (floor && value !== null && value < floor.percent) below.push({ path, floor, value });
    }
  }
  return below.toSorted((a, b) => a.value - a.floor.percent - (b.value - b.floor.percent) || a.path.localeCompare(b.path));
}
