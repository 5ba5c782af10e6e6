"use client";
import { useQuery } from "@tanstack/react-query";
import type { FlakyTest, TestRunRow, TestsDetail } from "../../server/coverage/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatDuration } from "../data/duration.ts";
import { EmptyState } from "../data/empty-state.tsx";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import type { Series } from "../data/series.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { Card, CardGrid, GridCell, Panel } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { shortCommit } from "./words.ts";
import styles from "./coverage.module.css";

const CHART_HEIGHT = 180;
const SERIES: readonly Series[] = [
  { key: "passed", label: "passed" },
  { key: "failed", label: "failed", tone: 4 },
];

const RUNS: Column<TestRunRow>[] = [
  { id: "commit", header: "Commit", width: 100, phone: true, cell: ({ commit }) => <span className={styles.mono}>{shortCommit(commit)}</span> },
  { id: "flag", header: "Flag", width: 110, cell: ({ flag }) => flag },
  { id: "result", header: "Result", phone: true, cell: (run) => <RunResult run={run} /> },
  { id: "tests", header: "Tests", align: "right", width: 80, cell: ({ tests }) => <span className={styles.number}>{formatCount(tests)}</span> },
  { id: "skipped", header: "Skipped", align: "right", width: 80, cell: ({ skipped }) => <span className={styles.number}>{formatCount(skipped)}</span> },
  { id: "duration", header: "Took", align: "right", width: 100, cell: ({ durationMs }) => <span className={styles.number}>{formatDuration(durationMs)}</span> },
  { id: "at", header: "When", align: "right", width: 132, cell: ({ at }) => <RelativeTime at={at} /> },
];

const FLAKY: Column<FlakyTest>[] = [
  { id: "name", header: "Test", phone: true, cell: ({ suite, name }) => <TestName suite={suite} name={name} /> },
  { id: "flakes", header: "Both ways", align: "right", width: 90, phone: true, cell: ({ flakes }) => <span className={styles.number}>{formatCount(flakes)}</span> },
  { id: "failures", header: "Failed", align: "right", width: 80, cell: ({ failures, runs }) => <span className={styles.number}>{`${failures} of ${runs}`}</span> },
  { id: "last", header: "Last", align: "right", width: 132, cell: ({ lastFlakyAt }) => (lastFlakyAt ? <RelativeTime at={lastFlakyAt} /> : "–") },
];

const SLOW: Column<FlakyTest>[] = [
  { id: "name", header: "Test", phone: true, cell: ({ suite, name }) => <TestName suite={suite} name={name} /> },
  { id: "mean", header: "Takes", align: "right", width: 100, phone: true, cell: ({ meanMs }) => <span className={styles.number}>{formatDuration(meanMs)}</span> },
];

const testId = ({ flag, suite, name }: FlakyTest) => `${flag} ${suite} ${name}`;

function TestName({ suite, name }: { suite: string; name: string }) {
  return (
    <span className={styles.name}>
      <span>{name}</span>
      <span className={styles.quiet}>{suite}</span>
    </span>
  );
}

function RunResult({ run }: { run: TestRunRow }) {
  if (run.failed > 0) return <StatusText state="fail">{`${formatCount(run.failed)} failed`}</StatusText>;
  return run.flaky > 0 ? <StatusText state="warn">{`green, ${formatCount(run.flaky)} flaky`}</StatusText> : <StatusText state="ok">green</StatusText>;
}

/** Runs of tests, those that cannot be trusted, and those that take longest. */
export function TestsTab({ service }: { service: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.coverage.tests.queryOptions({ service }));
  if (error && !data) return <ErrorState title="The test results could not be read" what={describeError(error).message} kept="They are kept." onRetry={() => void refetch()} />;
  if (!data) return <SkeletonBlock height={320} />;
  if (data.runs.length === 0) return <NoTests service={service} />;
  return <Results tests={data} />;
}

function NoTests({ service }: { service: string }) {
  return (
    <Panel label="No test results">
      <EmptyState
        title="No test results have arrived"
        drawing="bars"
        sentence="Any JUnit XML will do: Jest, Vitest, Playwright, pytest, Surefire, Gradle and go-junit-report write it."
        snippets={[{ name: "Command line", code: `npx seaworthy junit push junit.xml \\\n  --service ${service} --flag unit` }]}
        listening="Listening, this page changes when results arrive"
      />
    </Panel>
  );
}

function Results({ tests }: { tests: TestsDetail }) {
  const failures = tests.latest.flatMap(({ failures: list, flag }) => list.map((failure) => ({ ...failure, flag })));
  const runs = tests.runs.toReversed();
  const points = runs.map(({ at, passed, failed }) => ({ at: at.getTime(), passed, failed }));
  const range = { from: points[0]!.at, to: Math.max(points.at(-1)!.at, points[0]!.at + 1) };
  return (
    <div className={styles.tests}>
      {failures.length > 0 ? (
        <Card title={`${plural(failures.length, "failing test")} in the newest runs`}>
          <ul className={styles.list}>
            {failures.map(({ suite, name, message, flag }) => (
              <li key={`${flag} ${suite} ${name}`} className={styles.item}>
                <span className={styles.name}>
                  <StatusText state="fail">{name}</StatusText>
                  <span className={styles.quiet}>{suite}</span>
                  {message ? <pre className={styles.failure}>{message}</pre> : null}
                </span>
                <span className={styles.quiet}>{flag}</span>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <Card title="Tests over time" aside={<Legend series={SERIES} />} footer={{ source: plural(tests.runs.length, "run") }}>
        <TimeSeries label="Passed and failed tests by run" points={points} series={SERIES} range={range} format={formatCount} height={CHART_HEIGHT} />
      </Card>
      <DataTable label="Runs" noun="run" columns={RUNS} rows={tests.runs} rowId={({ commit, flag, at }) => `${commit} ${flag} ${at.getTime()}`} density="compact" />
      <CardGrid>
        <GridCell span={7}>
          <Card title="Flaky tests" footer={{ source: "Failed and passed on one commit" }}>
            <DataTable label="Flaky tests" noun="test" columns={FLAKY} rows={tests.flaky} rowId={testId} empty={<p className={styles.quiet}>No test both failed and passed on one commit.</p>} bare plain />
          </Card>
        </GridCell>
        <GridCell span={5}>
          <Card title="Slowest tests" footer={{ source: "Mean of all runs" }}>
            <DataTable label="Slowest tests" noun="test" columns={SLOW} rows={tests.slowest} rowId={testId} empty={<p className={styles.quiet}>No durations were reported.</p>} bare plain />
          </Card>
        </GridCell>
      </CardGrid>
    </div>
  );
}
