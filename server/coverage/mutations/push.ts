/**
 * Takes a report that was read already: joins it with the other reports of its commit and flag, makes the commit's
 * coverage anew and judges it. One transaction; the same bytes again change nothing and get the same answer.
 */
import type { CoverageCommit, CoverageSuite, Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import type { Received } from "../../platform/upload/define.ts";
import { breathe } from "../breath.ts";
import { countReport } from "../counters.ts";
import { nameOf, toPages, type Entry } from "../manifest.ts";
import { inPercent } from "../points.ts";
import { readEntries } from "../queries/content.ts";
import { findCovered } from "../queries/policy.ts";
import { toCommitRow, verdictOf } from "../queries/rows.ts";
import { reportTotals, type ParsedReport } from "../report.ts";
import { isPassing, percentages, percentOf, sumTotals, type PushReport, type PushResult } from "../schema/index.ts";
import { reportUpload } from "../upload.ts";
import { assertOpen, holdCommit } from "./commits.ts";
import { savePages, saveRecords } from "./content.ts";
import { takeMainline } from "./mainline.ts";
import { joinEntries, settleCommit } from "./settle.ts";

/** Files named between two breaths. */
const FILES_A_BREATH = 1_000;

/** The report's files as entries, and their records by name. */
async function toEntries(report: ParsedReport): Promise<{ entries: Entry[]; records: Map<string, Buffer> }> {
  const records = new Map<string, Buffer>();
  const entries: Entry[] = [];
  for (const [path, { data, totals }] of report.files) {
    const record = data ? nameOf(data) : null;
    if (data && record) records.set(record, data);
    entries.push({ path, record, totals });
    if (entries.length % FILES_A_BREATH === 0) await breathe();
  }
  return { entries, records };
}

type Suite = { commit: CoverageCommit; flag: string };

/** Writes the suite, joined with what it had. Returns the records that are now known. */
async function joinSuite(tx: Context, { commit, flag }: Suite, report: ParsedReport): Promise<Map<string, Buffer>> {
  const { entries, records } = await toEntries(report);
  const known: CoverageSuite | null = await tx.db.coverageSuite.findUnique({ where: { commitId_flag: { commitId: commit.id, flag } } });
  const before = known ? await readEntries(tx, known.pages) : [];
  await saveRecords(tx, records);
  const joined = before.length > 0 ? await joinEntries(tx, [before, entries], records) : { entries, records: new Map<string, Buffer>() };
  const data = {
    totals: sumTotals(joined.entries.map(({ totals }) => totals)) as unknown as Prisma.InputJsonValue,
    files: joined.entries.length,
    formats: [...new Set([...(known?.formats ?? []), report.format])].toSorted(),
    pages: await savePages(tx, await toPages(joined.entries)),
    pushedAt: tx.now(),
  };
  await tx.db.coverageSuite.upsert({ where: { commitId_flag: { commitId: commit.id, flag } }, create: { commitId: commit.id, serviceId: commit.serviceId, flag, ...data }, update: data });
  return new Map([...records, ...joined.records]);
}

async function isKnown(tx: Context, { commit, flag }: Suite, sha256: string): Promise<boolean> {
  return (await tx.db.coverageReport.count({ where: { commitId: commit.id, flag, sha256 } })) > 0;
}

async function addReport(tx: Context, suite: Suite, { bytes, sha256, content }: Received<ParsedReport>): Promise<void> {
  const now = tx.now();
  const { commit, flag } = suite;
  await tx.db.coverageReport.create({ data: { id: newId("rpt", now), commitId: commit.id, flag, format: content.format, sha256, bytes, files: content.files.size, pushedBy: actorLabel(tx.actor), pushedAt: now } });
}

type Answered = { slug: string; flag: string; isNew: boolean; report: ParsedReport };

function answer(commit: CoverageCommit, { slug, flag, isNew, report }: Answered): PushResult {
  const row = toCommitRow(commit);
  return {
    service: slug,
    commit: commit.commit,
    flag,
    format: report.format,
    isNew,
    files: report.files.size,
    percent: percentages(reportTotals(report)),
    overall: row.percent,
    verdict: verdictOf(commit),
    isPassing: isPassing(row.outcome),
    flags: row.flags,
    notes: report.notes,
    url: `/coverage/${slug}?commit=${commit.commit}`,
  };
}

/** Keeps a report. Throws `not_found` for an unknown service, `conflict` for an archived one. */
export async function pushReport(ctx: Context, input: PushReport): Promise<PushResult> {
  const received = reportUpload.of(ctx);
  const { content: report } = received;
  const { flag } = input;
  const result = await inTransaction(ctx, async (tx) => {
    const covered = await findCovered(tx, input.service);
    const { service } = covered;
    assertOpen(service);
    const policy = await takeMainline(tx, covered, input);
    const commit = await holdCommit(tx, service.id, input);
    const suite = { commit, flag };
    const about = { slug: service.slug, flag, report };
    if (await isKnown(tx, suite, received.sha256)) return answer(commit, { ...about, isNew: false });
    const fresh = await joinSuite(tx, suite, report);
    await addReport(tx, suite, received);
    const settled = await settleCommit(tx, commit, { policy, fresh });
    const lines = percentOf(reportTotals(report).lines);
    const summary = `Took a report of ${service.name}: ${flag}, ${report.format}, ${commit.commit.slice(0, 7)}${lines === null ? "" : `, ${inPercent(lines)} of lines`}`;
    await audit(tx, { action: "coverage.push", target: { kind: "service", id: service.id }, summary, after: { commit: commit.commit, branch: commit.branch, flag, format: report.format, files: report.files.size, sha256: received.sha256, outcome: settled.outcome } });
    await announce(tx, { topic: "coverage", id: service.id });
    return answer(settled, { ...about, isNew: true });
  });
  if (result.isNew) countReport(result.format, result.verdict.outcome);
  return result;
}
