/**
 * Takes a JUnit report: its counts become a run, and every test's history learns from it. A test that both failed and
 * passed on one commit, in one report or in two, is flaky.
 */
import type { Prisma, Service } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { countRun } from "../counters.ts";
import { findCovered } from "../queries/policy.ts";
import type { TestCase } from "../parsers/junit.ts";
import type { PushTests, TestFailure, TestsPushed, TestTotals } from "../schema/index.ts";
import { testsUpload } from "../upload.ts";
import { assertOpen } from "./commits.ts";
import { takeMainline } from "./mainline.ts";

/** Failures kept with a run; the report itself has the rest. */
const MOST_FAILURES = 100;
/** Tests written by one statement. */
const BATCH = 5_000;

const isBad = ({ status }: TestCase) => status === "failed" || status === "error";

function totalsOf(cases: readonly TestCase[], at: Date): TestTotals {
  const count = (wanted: (one: TestCase) => boolean) => cases.filter(wanted).length;
  return {
    tests: cases.length,
    passed: count(({ status }) => status === "passed"),
    failed: count(isBad),
    skipped: count(({ status }) => status === "skipped"),
    flaky: count(({ isFlaky }) => isFlaky),
    durationMs: cases.reduce((sum, { seconds }) => sum + seconds * SECOND_MS, 0),
    at,
  };
}

type Run = { serviceId: string; flag: string; commit: string };

/** Adds a run to the history of its tests, oldest knowledge first. Skipped tests teach nothing. */
async function learn(tx: Context, { serviceId, flag, commit }: Run, cases: readonly TestCase[]): Promise<void> {
  const run = cases.filter(({ status }) => status !== "skipped").toSorted((a, b) => (a.suite + a.name < b.suite + b.name ? -1 : 1));
  for (let at = 0; at < run.length; at += BATCH) {
    const rows = run.slice(at, at + BATCH).map((one) => ({ suite: one.suite, name: one.name, bad: isBad(one), flaky: one.isFlaky, ms: one.seconds * SECOND_MS }));
    await tx.db.$executeRaw`
      INSERT INTO coverage_test AS known (service_id, flag, suite, name, runs, failures, flakes, total_ms, last_commit, last_bad, last_at, last_flaky_at)
      SELECT ${serviceId}, ${flag}, one.suite, one.name, 1, one.bad::int, one.flaky::int, one.ms, ${commit}, one.bad, ${tx.now()}, CASE WHEN one.flaky THEN ${tx.now()}::timestamptz END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS one(suite text, name text, bad boolean, flaky boolean, ms float8)
      ON CONFLICT (service_id, flag, suite, name) DO UPDATE SET
        runs = known.runs + 1,
        failures = known.failures + excluded.failures,
        flakes = known.flakes + CASE WHEN excluded.flakes = 1 OR (known.last_commit = excluded.last_commit AND known.last_bad <> excluded.last_bad) THEN 1 ELSE 0 END,
        total_ms = known.total_ms + excluded.total_ms,
        last_commit = excluded.last_commit, last_bad = excluded.last_bad, last_at = excluded.last_at,
        last_flaky_at = CASE WHEN excluded.flakes = 1 OR (known.last_commit = excluded.last_commit AND known.last_bad <> excluded.last_bad) THEN excluded.last_at ELSE known.last_flaky_at END`;
  }
}

type Kept = { totals: TestTotals; failures: TestFailure[] };

async function addRun(tx: Context, service: Service, { input, sha256, totals, failures }: Kept & { input: PushTests; sha256: string }): Promise<boolean> {
  const now = tx.now();
  const { commit, branch, flag } = input;
  const { count } = await tx.db.testRun.createMany({
    data: [{ id: newId("tst", now), serviceId: service.id, commit, branch, flag, sha256, pushedAt: now, ...totals, failures: failures as unknown as Prisma.InputJsonValue }],
    skipDuplicates: true,
  });
  return count === 1;
}

/** Keeps a JUnit report. The same bytes for the same commit and flag are one run. Throws `not_found`, or `conflict` when archived. */
export async function pushTests(ctx: Context, input: PushTests): Promise<TestsPushed> {
  const { sha256, content } = testsUpload.of(ctx);
  const { commit, flag } = input;
  const result = await inTransaction(ctx, async (tx) => {
    const covered = await findCovered(tx, input.service);
    const { service } = covered;
    assertOpen(service);
    await takeMainline(tx, covered, input);
    const now = tx.now();
    const totals = totalsOf(content.cases, input.committedAt && input.committedAt < now ? input.committedAt : now);
    const failures = content.cases.filter(isBad).slice(0, MOST_FAILURES).map(({ suite, name, message }): TestFailure => ({ suite, name, message }));
    const isNew = await addRun(tx, service, { input, sha256, totals, failures });
    if (isNew) {
      await learn(tx, { serviceId: service.id, flag, commit }, content.cases);
      const summary = `Took ${totals.tests} test results of ${service.name}, ${flag}, ${commit.slice(0, 7)}: ${totals.failed} failed`;
      await audit(tx, { action: "coverage.pushTests", target: { kind: "service", id: service.id }, summary, after: { commit, flag, ...totals, sha256 } });
      await announce(tx, { topic: "coverage", id: service.id });
    }
    return { service: service.slug, commit, flag, isNew, totals, isGreen: totals.failed === 0, failures };
  });
  if (result.isNew) countRun(result.isGreen ? "green" : "red");
  return result;
}
