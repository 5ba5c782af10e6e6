"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { GatePolicy, TrendPoint } from "../../server/coverage/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import type { Series, SeriesPoint, Threshold } from "../data/series.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTimeRange } from "../shell/time-range.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { formatCovered, shortCommit } from "./words.ts";

const DAY_MS = 86_400_000;
/** Commits are days apart: a shorter range shows the usual one. */
export const USUAL_DAYS = 60;
/** As high as the gate card beside it usually is, in pixels. */
const CHART_HEIGHT = 300;

export const TREND_SERIES: readonly Series[] = [
  { key: "lines", label: "lines" },
  { key: "branches", label: "branches", tone: 4 },
];

/** The three lines of a measure, to be drawn. */
export function thresholdsOf({ levels: { lines } }: GatePolicy): Threshold[] {
  return [
    { value: lines.target, label: `target ${lines.target}`, state: "ok" },
    { value: lines.warn, label: `warn ${lines.warn}`, state: "warn" },
    { value: lines.block, label: `block ${lines.block}`, state: "fail" },
  ];
}

/** Points for the chart; it begins below the lowest of them and of the block line. */
export function toSeries(points: readonly TrendPoint[], gate: GatePolicy): { points: SeriesPoint[]; axisFrom: number } {
  const values = points.flatMap(({ lines, branches }) => [lines, branches].filter((value) => value !== null));
  const lowest = Math.min(gate.levels.lines.block, ...values);
  return { points: points.map(({ at, lines, branches }) => ({ at: at.getTime(), lines, branches })), axisFrom: Math.max(0, Math.floor((lowest - 2) / 10) * 10) };
}

/** The range of the header, or the usual one when it is shorter than a week. */
export function useTrendRange(): { from: Date; to: Date; words: string } {
  const { from, to, durationMs } = useTimeRange();
  const days = durationMs < 7 * DAY_MS ? USUAL_DAYS : Math.round(durationMs / DAY_MS);
  return { from: durationMs < 7 * DAY_MS ? new Date(to.getTime() - USUAL_DAYS * DAY_MS) : from, to, words: `in ${days} days` };
}

/** Coverage over time against its three lines; what is carried forward is hatched. */
export function TrendCard({ service, branch, flag, gate, reports }: { service: string; branch: string; flag: string; gate: GatePolicy; reports: number }) {
  const trpc = useTRPC();
  const { from, to } = useTrendRange();
  const query = useQuery(trpc.coverage.trend.queryOptions({ service, branch, from, to, ...(flag ? { flag } : {}) }, { placeholderData: keepPreviousData }));
  const { data, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  const chart = data ? toSeries(data.points, gate) : null;
  const thresholds = thresholdsOf(gate);
  return (
    <Card title={flag ? `Trend, ${flag}` : "Trend"} aside={<Legend series={TREND_SERIES} thresholds={thresholds} />} footer={{ source: `${plural(reports, "report")} on ${branch}`, at }} isStale={isStale}>
      {data && chart ? (
        <TimeSeries
          label="Covered lines and branches"
          points={chart.points}
          series={TREND_SERIES}
          range={{ from: from.getTime(), to: to.getTime() }}
          format={formatCovered}
          thresholds={thresholds}
          axisFrom={chart.axisFrom}
          height={CHART_HEIGHT}
          bands={data.carriedSince ? [{ from: data.carriedSince.getTime(), to: to.getTime(), kind: "missing", label: `no ${data.carriedFlags.join(", ")} upload, carried forward` }] : []}
          note={(point) => commitAt(data.points, point.at)}
        />
      ) : error ? (
        <ErrorState title="The trend could not be read" what={describeError(error).message} kept="All reports are kept." onRetry={() => void refetch()} />
      ) : (
        <SkeletonBlock height={CHART_HEIGHT} />
      )}
    </Card>
  );
}

function commitAt(points: readonly TrendPoint[], at: number): string | null {
  const point = points.find((one) => one.at.getTime() === at);
  return point ? `commit ${shortCommit(point.commit)}` : null;
}
