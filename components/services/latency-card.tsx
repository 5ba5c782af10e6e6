"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { LatencySeries, ServiceDetail } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration, formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { ChartSkeleton, Legend, TimeSeries, type Band, type Series, type SeriesPoint } from "../data/time-series.tsx";
import { Card } from "../shell/page.tsx";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { missingBands, withGaps } from "./latency-points.ts";
import styles from "./detail.module.css";

const SERIES: readonly Series[] = [
  { key: "p50", label: "p50", tone: 4 },
  { key: "p95", label: "p95", tone: 2 },
  { key: "p99", label: "p99", tone: 1 },
];
const HEIGHT = 236;

/** Latency percentiles over the page's time range; dragging over the chart narrows the range. */
export function LatencyCard({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  const { data, error, refetch, dataUpdatedAt } = useQuery(
    trpc.services.latency.queryOptions({ id: service.slug, from: range.from, to: range.to }, { placeholderData: keepPreviousData }),
  );
  const bounds = { from: range.from.getTime(), to: range.to.getTime() };
  return (
    <Card
      title="Latency"
      aside={<Legend series={SERIES} />}
      footer={{ source: data ? `All checks, ${formatDuration(data.stepSeconds * 1000)} steps` : "All checks", at: <RelativeTime at={dataUpdatedAt || null} never="" /> }}
    >
      {error && !data ? <ErrorState title="Latency could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <ChartSkeleton height={HEIGHT} /> : null}
      {data ? <LatencyChart name={service.name} data={data} bounds={bounds} onZoom={({ from, to }) => setRange({ from: new Date(from), to: new Date(to) })} /> : null}
    </Card>
  );
}

interface LatencyChartProps {
  name: string;
  data: LatencySeries;
  bounds: { from: number; to: number };
  onZoom: (range: { from: number; to: number }) => void;
}

function LatencyChart({ name, data, bounds, onZoom }: LatencyChartProps) {
  const points = withGaps(data);
  const bands: Band[] = missingBands(points, data.stepSeconds * 1000);
  if (!points.some((point) => point.p50 !== null)) {
    return (
      <p className={styles.empty} style={{ minHeight: HEIGHT }}>
        No answer was measured in this range. Latency appears with the first answer of a check.
      </p>
    );
  }
  return <TimeSeries label={`Latency of ${name}`} points={points} series={SERIES} range={bounds} format={formatMilliseconds} bands={bands} onZoom={onZoom} note={countNote} height={HEIGHT} isFirst />;
}

function countNote(point: SeriesPoint): string | null {
  return typeof point.count === "number" ? plural(point.count, "result") : null;
}
