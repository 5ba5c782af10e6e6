"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { RunDetail, Trend } from "../../server/loadtests/schema.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatMilliseconds } from "../data/duration.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Legend, TimeSeries, type Series } from "../data/time-series.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { RUN_COLUMNS } from "./columns.tsx";
import styles from "./loadtests.module.css";

const SERIES: readonly Series[] = [{ key: "p50", label: "p50", tone: 4 }, { key: "p95", label: "p95", tone: 1 }];
const HEIGHT = 180;
const RUNS = 8;

/** The scenario over its runs, with the baseline, and the newest of them. */
export function ScenarioCard({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { data: trend } = useQuery(trpc.loadtests.trend.queryOptions({ service: run.slug, scenario: run.scenario, profile: run.profile }));
  const { data: runs, error, refetch } = useQuery(trpc.loadtests.list.queryOptions({ service: run.slug, scenario: run.scenario, profile: run.profile, limit: RUNS }));
  return (
    <Card title={`${run.scenario}, ${run.profile}, over its runs`} aside={<Legend series={SERIES} />}>
      {trend ? <TrendChart trend={trend} name={run.scenario} /> : <SkeletonBlock height={HEIGHT} />}
      <div className={styles.bleed}>
        <DataTable bare plain density="compact" label="Runs of the scenario" noun="run" columns={RUN_COLUMNS} rows={runs?.items} rowId={(row) => row.id} error={error} onRetry={() => void refetch()} selected={run.id} onOpen={(row) => router.push(`/loadtests/${row.id}`)} />
      </div>
    </Card>
  );
}

function TrendChart({ trend, name }: { trend: Trend; name: string }) {
  const points = trend.points.map((point) => ({ at: point.at.getTime(), p50: point.p50, p95: point.p95 }));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first.at === last.at) return <p className={styles.sub}>A line appears with the second run.</p>;
  const thresholds = trend.baseline?.p95 ? [{ value: trend.baseline.p95, label: "baseline p95", state: "ok" as const }] : [];
  return <TimeSeries label={`p50 and p95 of ${name} over its runs`} points={points} series={SERIES} range={{ from: first.at, to: last.at }} format={formatMilliseconds} thresholds={thresholds} height={HEIGHT} />;
}
