"use client";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { QueueDetail, QueuePoint } from "../../server/queues/schema/index.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { formatCount, formatNumber } from "../data/format.ts";
import type { Series, SeriesPoint } from "../data/series.ts";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { Card } from "../shell/page.tsx";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import styles from "./queues.module.css";

const CHART_HEIGHT = 200;

const DEPTH: readonly Series[] = [
  { key: "active", label: "running", kind: "area", tone: 3 },
  { key: "delayed", label: "delayed", kind: "area", tone: 2 },
  { key: "waiting", label: "waiting", kind: "area", tone: 1 },
];
const FLOW: readonly Series[] = [
  { key: "done", label: "done a minute", tone: 1 },
  { key: "failed", label: "failed a minute", tone: 2 },
];
const TIMES: readonly Series[] = [
  { key: "p50", label: "p50", tone: 4 },
  { key: "p95", label: "p95", tone: 2 },
  { key: "p99", label: "p99", tone: 1 },
];

type Chart = { title: string; label: string; series: readonly Series[]; point: (point: QueuePoint) => Omit<SeriesPoint, "at">; format: (value: number) => string; source: string };

const percentiles = (of: "wait" | "run") => (point: QueuePoint) => ({ p50: point[of].p50, p95: point[of].p95, p99: point[of].p99 });
const rate = (value: number) => formatNumber(value, value < 10 ? 1 : 0);

const CHARTS = {
  depth: { title: "Depth", label: "Jobs to be done", series: DEPTH, point: ({ waiting, delayed, active }) => ({ waiting, delayed, active }), format: formatCount, source: "The most of each step" },
  flow: { title: "Throughput", label: "Jobs done and failed a minute", series: FLOW, point: ({ donePerMinute, failedPerMinute }) => ({ done: donePerMinute, failed: failedPerMinute }), format: rate, source: "Jobs that ended in each step" },
  wait: { title: "Wait time", label: "Time from when a job may start until it starts", series: TIMES, point: percentiles("wait"), format: formatMilliseconds, source: "Jobs that ended in each step" },
  run: { title: "Run time", label: "Time that jobs ran", series: TIMES, point: percentiles("run"), format: formatMilliseconds, source: "Jobs that ended in each step" },
} satisfies Record<string, Chart>;
type Shown = keyof typeof CHARTS;

const CHOICES = (Object.keys(CHARTS) as Shown[]).map((value) => ({ value, label: CHARTS[value].title }));

/** Depth, throughput, wait and run times over the page's range, one at a time. */
export function QueueCharts({ queue, at, stale }: { queue: QueueDetail; at: React.ReactNode; stale: boolean }) {
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  const [shown, show] = useState<Shown>("depth");
  const chart: Chart = CHARTS[shown];
  const points = queue.series.map((point): SeriesPoint => ({ at: point.at.getTime(), ...chart.point(point) }));
  const isEmpty = (shown === "wait" || shown === "run") && queue.series.every((point) => point[shown].count === 0);
  return (
    <Card title={chart.title} aside={<Legend series={[...chart.series].toReversed()} />} footer={{ source: chart.source, at }} isStale={stale}>
      <div className={styles.legend}>
        <SegmentedControl size="xs" aria-label="Chart" data={CHOICES} value={shown} onChange={(value) => show(value as Shown)} />
      </div>
      {isEmpty ? (
        <p className={styles.empty} style={{ minHeight: CHART_HEIGHT }}>
          No job of this range told how long it took. {queue.kind === "rabbitmq" ? "RabbitMQ does not measure it." : "Times appear with the next job that ends."}
        </p>
      ) : (
        <TimeSeries
          label={`${chart.label}, ${queue.name}`}
          points={points}
          series={chart.series}
          range={{ from: range.from.getTime(), to: range.to.getTime() }}
          format={chart.format}
          height={CHART_HEIGHT}
          onZoom={({ from, to }) => setRange({ from: new Date(from), to: new Date(to) })}
        />
      )}
    </Card>
  );
}
