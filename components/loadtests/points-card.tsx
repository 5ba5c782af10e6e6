"use client";
import type { RunDetail } from "../../server/loadtests/schema.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { plural } from "../data/format.ts";
import { Legend, TimeSeries, type Series, type SeriesPoint } from "../data/time-series.tsx";
import { Card } from "../shell/page.tsx";

const SERIES: readonly Series[] = [{ key: "p50", label: "p50", tone: 4 }, { key: "p95", label: "p95", tone: 1 }];
const HEIGHT = 220;

/** Latency over the course of one run, counted from when it was received back. */
export function PointsCard({ run }: { run: RunDetail }) {
  const last = run.points.at(-1)?.atMs ?? 0;
  const start = run.receivedAt.getTime() - (run.figures.durationMs ?? last);
  const points = run.points.map((point): SeriesPoint => ({ at: start + point.atMs, p50: point.p50, p95: point.p95, requests: point.requests }));
  return (
    <Card title="Course of the run" aside={<Legend series={SERIES} />} footer={{ source: `${plural(run.points.length, "step")} as the tool told them` }}>
      <TimeSeries label="Latency over the run" points={points} series={SERIES} range={{ from: start, to: start + last }} format={formatMilliseconds} note={(point) => (typeof point.requests === "number" ? plural(point.requests, "request") : null)} height={HEIGHT} />
    </Card>
  );
}
