/** Two commits beside each other: figures, and the files that differ. */
import type { CoverageCommit } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { unpackNames, type Entry } from "../manifest.ts";
import { MEASURES, percentages, percentOf, type CompareInput, type ComparedFile, type Comparison, type Measure, type Percentages } from "../schema/index.ts";
import { findCommit, findView } from "./commits.ts";
import { readEntries } from "./content.ts";
import { commitBefore } from "./history.ts";
import { totalsOfRow } from "./rows.ts";

function changeOf(before: Entry | undefined, after: Entry | undefined): ComparedFile | null {
  const [was, is] = [percentOf(before?.totals.lines), percentOf(after?.totals.lines)];
  const open = (entry: Entry | undefined) => (entry?.totals.lines ? entry.totals.lines.total - entry.totals.lines.covered : 0);
  const path = (after ?? before)!.path;
  const newlyUncovered = open(after) - open(before);
  if (!before || !after) return { path, change: before ? "removed" : "added", before: was, after: is, newlyUncovered };
  if (was === is) return null;
  return { path, change: (is ?? 0) > (was ?? 0) ? "better" : "worse", before: was, after: is, newlyUncovered };
}

/** The files that differ, those that lost most first. */
export function compareEntries(before: readonly Entry[], after: readonly Entry[]): ComparedFile[] {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const changes = after.map((entry) => changeOf(old.get(entry.path), entry));
  const kept = new Set(after.map(({ path }) => path));
  changes.push(...before.filter(({ path }) => !kept.has(path)).map((entry) => changeOf(entry, undefined)));
  return changes.flatMap((change) => change ?? []).toSorted((a, b) => b.newlyUncovered - a.newlyUncovered || (a.path < b.path ? -1 : 1));
}

const sideOf = (commit: CoverageCommit): NonNullable<Comparison["base"]> => ({ commit: commit.commit, at: commit.at, totals: totalsOfRow(commit), percent: percentages(totalsOfRow(commit)), files: commit.files, hasDetail: commit.pages !== null });

/** Pages that both have need not be read: their files are equal. */
async function entriesOfBoth(ctx: Context, base: CoverageCommit, head: CoverageCommit): Promise<[readonly Entry[], readonly Entry[]]> {
  if (!base.pages || !head.pages) return [[], []];
  const [old, now] = [unpackNames(base.pages), unpackNames(head.pages)];
  const shared = new Set(old).intersection(new Set(now));
  const rest = (names: string[]) => Buffer.from(names.filter((name) => !shared.has(name)).join(""), "hex");
  return [await readEntries(ctx, rest(old)), await readEntries(ctx, rest(now))];
}

/** Compares two commits. Without `head` it is the newest; without `base`, the newest complete commit before `head`. */
export async function compareCommits(ctx: Context, input: CompareInput): Promise<Comparison> {
  const { service, policy, commit: head } = await findView(ctx, { service: input.service, commit: input.head });
  const base = input.base ? await findCommit(ctx, service, input.base) : head ? await commitBefore(ctx, head, policy.defaultBranch) : null;
  const [was, is] = [base && sideOf(base), head && sideOf(head)];
  const deltaOf = (measure: Measure) => {
    const [before, after] = [was?.percent[measure] ?? null, is?.percent[measure] ?? null];
    return before === null || after === null ? null : after - before;
  };
  const delta = Object.fromEntries(MEASURES.map((measure) => [measure, deltaOf(measure)])) as Percentages;
  const files = base && head ? compareEntries(...(await entriesOfBoth(ctx, base, head))) : [];
  return { base: was, head: is, delta, files: files.slice(0, input.limit), changed: files.length };
}
