"use client";
import type { ScorePoint } from "../../server/readiness/schema/index.ts";
import { TimeSeries, type Series } from "../data/time-series.tsx";

const SERIES: readonly Series[] = [{ key: "score", label: "Score", tone: 1 }];
const STATED_SHOWN = 4;
/** A history of minutes is drawn over an hour. */
const LEAST_SPAN_MS = 3_600_000;

interface ScoreChartProps {
  label: string;
  points: readonly ScorePoint[];
  goal: number;
  /** Epoch milliseconds; both ends of the axis. It begins with the first score when that is later. */
  range: { from: number; to: number };
  height: number;
}

/** A score over time as steps, with the goal, and a mark where somebody stated a figure. */
export function ScoreChart({ label, points, goal, range, height }: ScoreChartProps) {
  const computed = points.map((point) => ({ at: point.at.getTime(), score: point.score }));
  const [first, last] = [computed[0], computed.at(-1)];
  // A young history fills the chart instead of standing at its edge.
  const from = first ? Math.max(range.from, Math.min(first.at, range.to - LEAST_SPAN_MS)) : range.from;
  const rows = last && last.at < range.to ? [...computed, { at: range.to, score: last.score }] : computed;
  const stated = points.filter((point) => point.isStated).slice(-STATED_SHOWN);
  return (
    <TimeSeries
      label={label}
      points={rows}
      series={SERIES}
      range={{ from, to: range.to }}
      step
      format={(value) => String(Math.round(value))}
      thresholds={[{ value: goal, label: `goal ${goal}`, state: "ok" }]}
      markers={stated.map((point) => ({ at: point.at.getTime(), label: `${point.score} stated` }))}
      height={height}
    />
  );
}
