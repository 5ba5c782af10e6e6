/**
 * Makes a commit's coverage out of its suites and judges it. Always inside the transaction that holds the commit's row, so
 * that of two flags that arrive together the second sees the first, and one of them finishes the gate.
 */
import type { CoverageCommit, CoverageSuite, Prisma } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { filesBelow } from "../gates/floors.ts";
import { judge, type GateFacts } from "../gates/judge.ts";
import { patchOfFile, type Range } from "../gates/patch.ts";
import { decodeRecord } from "../lines/record.ts";
import { toPages, type Entry } from "../manifest.ts";
import { merge, recordsNeeded } from "../merge.ts";
import { readEntries, readRecords } from "../queries/content.ts";
import { commitBefore, learnNoise, suitesBefore, type EarlierSuite } from "../queries/history.ts";
import { figuresOf, suiteTotals, totalsOfRow } from "../queries/rows.ts";
import { percentOf, sumTotals, type Completeness, type Count, type Policy, type Totals } from "../schema/index.ts";
import { savePages, saveRecords } from "./content.ts";

/** Records of this upload, which need not be read back. */
export type Fresh = ReadonlyMap<string, Buffer>;
const NOTHING: Fresh = new Map();

type Whole = { entries: () => Promise<readonly Entry[]>; totals: Totals; files: number; pages: Uint8Array | null; made: Fresh };

/** Joins suites into one list of files and keeps what that makes. One suite alone is taken as it is, unread. */
async function joinSuites(ctx: Context, suites: readonly Pick<CoverageSuite, "pages" | "totals" | "files">[], fresh: Fresh): Promise<Whole> {
  const only = suites.length === 1 ? suites[0] : undefined;
  if (only) return { entries: () => readEntries(ctx, only.pages), totals: suiteTotals(only), files: only.files, pages: only.pages, made: NOTHING };
  const lists: (readonly Entry[])[] = [];
  for (const suite of suites) lists.push(await readEntries(ctx, suite.pages));
  const { entries, records } = await joinEntries(ctx, lists, fresh);
  const pages = await savePages(ctx, await toPages(entries));
  return { entries: () => Promise.resolve(entries), totals: sumTotals(entries.map(({ totals }) => totals)), files: entries.length, pages, made: records };
}

/** Joins lists of files, reading the records it needs and keeping those it makes. */
export async function joinEntries(ctx: Context, lists: readonly (readonly Entry[])[], fresh: Fresh): ReturnType<typeof merge> {
  const known = await readRecords(ctx, recordsNeeded(lists, fresh));
  const merged = await merge(lists, new Map([...fresh, ...known]));
  await saveRecords(ctx, merged.records);
  return merged;
}

type AddedJson = Record<string, [number, number][]>;

/** Coverage of the lines that the commit's diff adds; null when no diff was sent. */
async function patchOf(ctx: Context, commit: CoverageCommit, { whole, fresh }: { whole: Whole; fresh: Fresh }): Promise<Count | null> {
  if (commit.addedLines === null) return null;
  const added = new Map(Object.entries(commit.addedLines as AddedJson));
  const entries = (await whole.entries()).filter(({ path, record }) => record !== null && added.has(path));
  const kept = new Map([...fresh, ...whole.made]);
  const missing = entries.flatMap(({ record }) => (record !== null && !kept.has(record) ? [record] : []));
  for (const [name, data] of await readRecords(ctx, missing)) kept.set(name, data);
  const sum: Count = { covered: 0, total: 0 };
  for (const { path, record } of entries) {
    const data = record === null ? undefined : kept.get(record);
    if (!data) continue;
    const ranges = (added.get(path) ?? []).map(([from, to]): Range => ({ from, to }));
    const { count } = patchOfFile(decodeRecord(data), ranges);
    sum.covered += count.covered;
    sum.total += count.total;
  }
  return sum;
}

function completenessOf(suites: readonly CoverageSuite[], carried: readonly EarlierSuite[], policy: Policy): Completeness {
  const present = suites.map(({ flag }) => flag);
  return {
    present,
    carried: carried.map(({ flag, commit, pushedAt }) => ({ flag, commit: commit.commit, at: pushedAt })),
    missing: policy.expectedFlags.filter((flag) => !present.includes(flag)),
  };
}

/** Joins, judges and stores. Returns the commit as it now is. */
export async function settleCommit(ctx: Context, commit: CoverageCommit, about: { policy: Policy; fresh?: Fresh }): Promise<CoverageCommit> {
  const { policy, fresh = NOTHING } = about;
  const { defaultBranch, expectedFlags, gate } = policy;
  const suites = await ctx.db.coverageSuite.findMany({ where: { commitId: commit.id }, orderBy: { flag: "asc" } });
  const carried = await suitesBefore(ctx, commit, { defaultBranch, present: suites.map(({ flag }) => flag), expected: expectedFlags });
  const whole = await joinSuites(ctx, [...suites, ...carried], fresh);
  const completeness = completenessOf(suites, carried, policy);
  const before = await commitBefore(ctx, commit, defaultBranch);
  const linesBefore = before ? percentOf(totalsOfRow(before).lines) : null;
  const facts: GateFacts = {
    totals: whole.totals,
    flags: suites.map((suite) => ({ flag: suite.flag, totals: suiteTotals(suite) })),
    completeness,
    below: gate.floors.length > 0 ? filesBelow(gate.floors, await whole.entries()) : [],
    patch: await patchOf(ctx, commit, { whole, fresh }),
    before: before && linesBefore !== null ? { commit: before.commit, lines: linesBefore } : null,
    noise: await learnNoise(ctx, commit.serviceId, defaultBranch),
  };
  const verdict = judge(facts, gate);
  return ctx.db.coverageCommit.update({
    where: { id: commit.id },
    data: {
      ...figuresOf(whole.totals),
      files: whole.files,
      flags: completeness as unknown as Prisma.InputJsonValue,
      isCarried: carried.length > 0,
      outcome: verdict.outcome,
      verdict: verdict as unknown as Prisma.InputJsonValue,
      patch: facts.patch ?? undefined,
      pages: whole.pages ? Buffer.from(whole.pages) : null,
      updatedAt: ctx.now(),
    },
  });
}
