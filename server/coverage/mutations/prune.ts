/**
 * Forgets what nobody will ask for: files of old commits (their figures stay for ever), then content that nothing kept was
 * given for as long. What is still shown of an old commit is marked as used first, so it stays.
 */
import { audit } from "../../platform/audit.ts";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { NAME_BYTES, fromPage } from "../manifest.ts";

/** Files of a commit can be looked at for so long. */
export const DETAIL_DAYS = 180;
/** Content outlives the commits that were given it, so that no upload meets its removal. */
const MARGIN_DAYS = 2;
/** Test runs are shown for so long. */
const TEST_DAYS = 365;

const daysAgo = (ctx: Context, days: number) => new Date(ctx.now().getTime() - days * DAY_MS);

/** Commits that are the newest of their branch, or that carry a flag's newest upload, keep their files whatever their age. */
async function dropDetail(tx: Context): Promise<number> {
  const before = daysAgo(tx, DETAIL_DAYS);
  return tx.db.$executeRaw`
    WITH newest AS (SELECT DISTINCT ON (service_id, branch) id FROM coverage_commit ORDER BY service_id, branch, at DESC),
    newest_suite AS (SELECT DISTINCT ON (service_id, flag) commit_id FROM coverage_suite ORDER BY service_id, flag, pushed_at DESC),
    old AS (
      SELECT id FROM coverage_commit WHERE updated_at < ${before} AND pages IS NOT NULL AND id NOT IN (SELECT id FROM newest) AND id NOT IN (SELECT commit_id FROM newest_suite)
    ), suites AS (UPDATE coverage_suite SET pages = NULL WHERE commit_id IN (SELECT id FROM old))
    UPDATE coverage_commit SET pages = NULL WHERE id IN (SELECT id FROM old)`;
}

/** Marks what old commits that are still shown need. */
async function touchKept(tx: Context): Promise<void> {
  const before = daysAgo(tx, DETAIL_DAYS);
  await tx.db.$executeRaw`
    WITH kept AS (
      SELECT pages FROM coverage_commit WHERE updated_at < ${before} AND pages IS NOT NULL
      UNION ALL SELECT suite.pages FROM coverage_suite suite JOIN coverage_commit made ON made.id = suite.commit_id WHERE made.updated_at < ${before} AND suite.pages IS NOT NULL
    ), names AS (
      SELECT DISTINCT substring(pages FROM i * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int) AS name FROM kept, generate_series(0, length(pages) / ${NAME_BYTES}::int - 1) i
    )
    UPDATE coverage_page SET used_on = ${tx.now()}::timestamptz::date WHERE name IN (SELECT name FROM names) AND used_on < ${tx.now()}::timestamptz::date`;
}

/** Pages are few and old ones fewer: the records they name are marked page by page. */
async function touchRecords(tx: Context): Promise<void> {
  const today = tx.now();
  const old = daysAgo(tx, DETAIL_DAYS);
  let after = Buffer.alloc(0);
  for (;;) {
    const pages = await tx.db.$queryRaw<{ name: Uint8Array; data: Uint8Array }[]>`
      SELECT name, data FROM coverage_page WHERE used_on >= ${old}::timestamptz::date AND name > ${after}::bytea ORDER BY name LIMIT ${PAGES_AT_ONCE}::int`;
    const names = [...new Set(pages.flatMap(({ data }) => fromPage(data).flatMap(({ record }) => (record === null ? [] : [record]))))];
    if (names.length > 0) {
      const packed = Buffer.from(names.join(""), "hex");
      await tx.db.$executeRaw`
        UPDATE coverage_record SET used_on = ${today}::timestamptz::date
        WHERE used_on < ${old}::timestamptz::date AND name = ANY (ARRAY(SELECT substring(${packed}::bytea FROM i * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int) FROM generate_series(0, ${names.length - 1}::int) i))`;
    }
    if (pages.length < PAGES_AT_ONCE) return;
    after = Buffer.from(pages.at(-1)!.name);
  }
}

/** Pages looked through in one step: a megabyte or two. */
const PAGES_AT_ONCE = 200;

/** One pass. Returns how many commits lost their files and how much content was removed. */
export async function pruneCoverage(ctx: Context): Promise<{ commits: number; content: number }> {
  const unused = daysAgo(ctx, DETAIL_DAYS + MARGIN_DAYS);
  const commits = await inTransaction(ctx, async (tx) => {
    const dropped = await dropDetail(tx);
    await touchKept(tx);
    if (dropped > 0) await audit(tx, { action: "coverage.prune", target: { kind: "coverage", id: "commits" }, summary: `Let go of the files of ${dropped} old commits; their figures stay`, after: { commits: dropped } });
    return dropped;
  });
  if ((await ctx.db.coverageRecord.count({ where: { usedOn: { lt: unused } } })) > 0) await touchRecords(ctx);
  const [pages, records] = [await ctx.db.coveragePage.deleteMany({ where: { usedOn: { lt: unused } } }), await ctx.db.coverageRecord.deleteMany({ where: { usedOn: { lt: unused } } })];
  const texts = await ctx.db.coverageText.deleteMany({ where: { usedOn: { lt: unused } } });
  await ctx.db.testRun.deleteMany({ where: { pushedAt: { lt: daysAgo(ctx, TEST_DAYS) } } });
  return { commits, content: pages.count + records.count + texts.count };
}
