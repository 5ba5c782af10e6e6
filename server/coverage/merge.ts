/**
 * Joins lists of files: suites of a commit, or shards of a suite. Where only one list names a file, or all agree, nothing
 * is read; the records of the others are joined line by line.
 */
import { breathe } from "./breath.ts";
import { joinPacked, type PackedFile } from "./report.ts";
import { nameOf, type Entry } from "./manifest.ts";

export type Merged = { entries: readonly Entry[]; records: Map<string, Buffer> };

/** Files whose records have to be known before `merge` can join them. */
export function recordsNeeded(lists: readonly (readonly Entry[])[], fresh: ReadonlyMap<string, unknown>): string[] {
  const needed = new Set<string>();
  for (const [, same] of group(lists)) {
    if (new Set(same.map(({ record }) => record)).size < 2) continue;
    for (const { record } of same) if (record !== null && !fresh.has(record)) needed.add(record);
  }
  return [...needed];
}

function group(lists: readonly (readonly Entry[])[]): Map<string, Entry[]> {
  const byPath = new Map<string, Entry[]>();
  for (const list of lists) {
    for (const entry of list) {
      const known = byPath.get(entry.path);
      if (known) known.push(entry);
      else byPath.set(entry.path, [entry]);
    }
  }
  return byPath;
}

/** How many files are joined between two breaths. */
const FILES_A_BREATH = 500;

/** Joins the lists. `records` holds at least those that `recordsNeeded` named; one that is missing loses to the other. */
export async function merge(lists: readonly (readonly Entry[])[], records: ReadonlyMap<string, Buffer>): Promise<Merged> {
  if (lists.length === 1) return { entries: lists[0]!, records: new Map() };
  const made = new Map<string, Buffer>();
  const entries: Entry[] = [];
  let joined = 0;
  for (const [path, same] of group(lists)) {
    const first = same[0]!;
    if (new Set(same.map(({ record }) => record)).size < 2 && first.record !== null) {
      entries.push(first);
      continue;
    }
    const packed = same.map(({ record, totals }): PackedFile => ({ data: record === null ? null : (records.get(record) ?? null), totals }));
    const whole = packed.reduce(joinPacked);
    const record = whole.data ? nameOf(whole.data) : null;
    if (whole.data && record) made.set(record, whole.data);
    entries.push({ path, record, totals: whole.totals });
    joined += 1;
    if (joined % FILES_A_BREATH === 0) await breathe();
  }
  return { entries, records: made };
}
