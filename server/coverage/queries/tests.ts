/** Test results: the newest run of each flag, all runs, and the tests that cannot be trusted. */
import * as z from "zod";
import type { TestHistory, TestRun } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { TestFailure, type FlakyTest, type TestRunRow, type TestsDetail, type TestTotals } from "../schema/index.ts";
import { findCovered } from "./policy.ts";

const MOST_RUNS = 100;
const MOST_TESTS = 50;

function toRunRow(run: TestRun): TestRunRow {
  const { commit, branch, flag, tests, passed, failed, skipped, flaky, durationMs, at } = run;
  return { commit, branch, flag, tests, passed, failed, skipped, flaky, durationMs, at, failures: z.array(TestFailure).parse(run.failures) };
}

const toFlaky = ({ suite, name, flag, runs, failures, flakes, lastFlakyAt, totalMs }: TestHistory): FlakyTest => ({ suite, name, flag, runs, failures, flakes, lastFlakyAt, meanMs: runs > 0 ? totalMs / runs : 0 });

/** Adds up the runs of several flags. */
export function sumRuns(runs: readonly TestTotals[]): TestTotals | null {
  const first = runs[0];
  if (!first) return null;
  return runs.slice(1).reduce<TestTotals>(
    (sum, run) => ({
      tests: sum.tests + run.tests,
      passed: sum.passed + run.passed,
      failed: sum.failed + run.failed,
      skipped: sum.skipped + run.skipped,
      flaky: sum.flaky + run.flaky,
      durationMs: sum.durationMs + run.durationMs,
      at: sum.at > run.at ? sum.at : run.at,
    }),
    { tests: first.tests, passed: first.passed, failed: first.failed, skipped: first.skipped, flaky: first.flaky, durationMs: first.durationMs, at: first.at },
  );
}

/** The newest run of each flag on the default branches, by service. */
export async function newestRuns(ctx: Context, serviceIds: readonly string[]): Promise<Map<string, TestRunRow[]>> {
  const ids = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT ON (run.service_id, run.flag) run.id FROM coverage_test_run run
    LEFT JOIN coverage_policy policy ON policy.service_id = run.service_id
    WHERE run.service_id = ANY(${[...serviceIds]}) AND run.branch = coalesce(policy.default_branch, 'main')
    ORDER BY run.service_id, run.flag, run.at DESC, run.id DESC`;
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.testRun.findMany({ where: { id: { in: ids.map(({ id }) => id) } }, orderBy: { flag: "asc" } });
  const found = new Map<string, TestRunRow[]>();
  for (const row of rows) found.set(row.serviceId, [...(found.get(row.serviceId) ?? []), toRunRow(row)]);
  return found;
}

/** The newest results of each service, all flags together. */
export async function latestTests(ctx: Context, serviceIds: readonly string[]): Promise<Map<string, TestTotals>> {
  const runs = await newestRuns(ctx, serviceIds);
  return new Map([...runs].flatMap(([id, rows]) => {
    const sum = sumRuns(rows);
    return sum ? [[id, sum] as const] : [];
  }));
}

/** Runs, flaky and slow tests of a service. Throws `not_found`. */
export async function readTests(ctx: Context, input: { service: string }): Promise<TestsDetail> {
  const { service } = await findCovered(ctx, input.service);
  const [runs, flaky, slowest, latest] = await Promise.all([
    ctx.db.testRun.findMany({ where: { serviceId: service.id }, orderBy: [{ at: "desc" }, { id: "desc" }], take: MOST_RUNS }),
    ctx.db.testHistory.findMany({ where: { serviceId: service.id, flakes: { gt: 0 } }, orderBy: [{ lastFlakyAt: "desc" }, { flakes: "desc" }], take: MOST_TESTS }),
    ctx.db.$queryRaw<{ flag: string; suite: string; name: string }[]>`SELECT flag, suite, name FROM coverage_test WHERE service_id = ${service.id} AND runs > 0 AND total_ms > 0 ORDER BY total_ms / runs DESC LIMIT 10`,
    newestRuns(ctx, [service.id]),
  ]);
  const slow = slowest.length === 0 ? [] : await ctx.db.testHistory.findMany({ where: { serviceId: service.id, OR: slowest } });
  return { runs: runs.map(toRunRow), flaky: flaky.map(toFlaky), slowest: slow.map(toFlaky).toSorted((a, b) => b.meanMs - a.meanMs), latest: latest.get(service.id) ?? [] };
}
