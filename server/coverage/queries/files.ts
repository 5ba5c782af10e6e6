/** The files of a commit: as a list, and as one level of folders. */
import * as z from "zod";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, encodeCursor } from "../../platform/page.ts";
import { fromPage, unpackNames } from "../manifest.ts";
import type { FilePage, ListFiles, Tree, TreeInput } from "../schema/index.ts";
import { childrenOf, firstFork, isInside, linesOf, sortFiles, toFileRow, type Changes } from "../tree.ts";
import { findView, pagesOf, type View } from "./commits.ts";
import { readEntries } from "./content.ts";

/** Changes count for so long. */
const CHANGE_DAYS = 90;
/** Commits looked at for changes, spread over that time. */
const CHANGE_COMMITS = 24;

/**
 * How often the coverage of each file changed over the last 90 days: between neighbouring commits of a sample, only the
 * pages that are not shared can differ, and only they are read.
 */
async function recentChanges(ctx: Context, { commit }: View): Promise<Changes> {
  const changes = new Map<string, number>();
  if (!commit) return changes;
  const rows = await ctx.db.coverageCommit.findMany({
    where: { serviceId: commit.serviceId, branch: commit.branch, at: { lte: commit.at, gte: new Date(commit.at.getTime() - CHANGE_DAYS * DAY_MS) }, pages: { not: null } },
    orderBy: { at: "desc" },
    take: CHANGE_COMMITS,
    select: { pages: true },
  });
  const names = rows.map(({ pages }) => unpackNames(pages!));
  const differing = new Set<string>();
  for (let i = 0; i + 1 < names.length; i++) {
    const [newer, older] = [new Set(names[i]), new Set(names[i + 1])];
    for (const name of newer.symmetricDifference(older)) differing.add(name);
  }
  const pages = await ctx.db.coveragePage.findMany({ where: { name: { in: [...differing].map((name) => Buffer.from(name, "hex")) } } });
  const seen = new Map<string, Set<string>>();
  for (const { data } of pages) {
    for (const { path, record } of fromPage(data)) {
      const records = seen.get(path) ?? new Set<string>();
      seen.set(path, records.add(record ?? ""));
    }
  }
  for (const [path, records] of seen) if (records.size > 1) changes.set(path, records.size - 1);
  return changes;
}

const Cursor = z.tuple([z.int().min(0)]);

/** Files of a commit, sorted and filtered. The cursor is a place in the sorted list of that commit. */
export async function listFiles(ctx: Context, input: ListFiles): Promise<FilePage> {
  const view = await findView(ctx, input);
  const pages = await pagesOf(ctx, view, input.flag);
  const entries = await readEntries(ctx, pages);
  const wanted = input.search.toLowerCase();
  const changes = input.sort === "risk" ? await recentChanges(ctx, view) : new Map<string, number>();
  const rows = entries.filter(({ path }) => isInside(path, input.folder) && (wanted === "" || path.toLowerCase().includes(wanted)));
  const start = decodeCursor(input.cursor, Cursor)?.[0] ?? 0;
  const end = start + input.limit;
  const all = linesOf(entries);
  const items = sortFiles(rows, input.sort, changes).slice(start, end).map((entry) => toFileRow(entry, changes, all));
  return { items, nextCursor: end < rows.length ? encodeCursor([end]) : null, total: rows.length, commit: view.commit?.commit ?? null, hasDetail: pages !== null };
}

/** One level of folders; at the root, the first level that has more than one. */
export async function readTree(ctx: Context, input: TreeInput): Promise<Tree> {
  const view = await findView(ctx, input);
  const pages = await pagesOf(ctx, view, input.flag);
  const entries = await readEntries(ctx, pages);
  const folder = input.folder === "" ? firstFork(entries, "") : input.folder;
  const suites = view.commit ? await ctx.db.coverageSuite.findMany({ where: { commitId: view.commit.id }, select: { formats: true } }) : [];
  return { folder, nodes: childrenOf(entries, folder), commit: view.commit?.commit ?? null, formats: [...new Set(suites.flatMap(({ formats }) => formats))], at: view.commit?.pushedAt ?? null, hasDetail: pages !== null };
}
