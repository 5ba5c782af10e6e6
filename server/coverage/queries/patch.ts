/** The added lines of a commit that no test reaches. */
import type { CoverageCommit } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { patchOfFile, type Range } from "../gates/patch.ts";
import { decodeRecord } from "../lines/record.ts";
import { readEntries, readRecords } from "./content.ts";

/** Files shown; of more nobody reads. */
const MOST_FILES = 200;

/** Files of the commit's diff with their uncovered added lines, those without any left out. */
export async function uncoveredAdded(ctx: Context, commit: CoverageCommit): Promise<{ path: string; uncovered: Range[] }[]> {
  if (commit.addedLines === null) return [];
  const added = new Map(Object.entries(commit.addedLines as Record<string, [number, number][]>));
  const entries = (await readEntries(ctx, commit.pages)).filter(({ path, record }) => record !== null && added.has(path));
  const records = await readRecords(ctx, entries.map(({ record }) => record!));
  const files = entries.flatMap(({ path, record }) => {
    const data = records.get(record!);
    if (!data) return [];
    const { uncovered } = patchOfFile(decodeRecord(data), (added.get(path) ?? []).map(([from, to]) => ({ from, to })));
    return uncovered.length > 0 ? [{ path, uncovered }] : [];
  });
  return files.slice(0, MOST_FILES);
}
