"use client";
import type { ScorePoint } from "../../server/readiness/schema/index.ts";
import { TimeSeries, type Series } from "../data/time-series.tsx";

const SERIES: readonly Series[] = [{ key: "score", label: "Score", tone: 1 }];
const STATED_SHOWN = 4;

interface ScoreChartProps {
  label: string;
  points: readonly ScorePoint[];
  goal: number;
  /** Epoch milliseconds; both ends of the axis. */
  range: { from: number; to: number };
  height: number;
}

/** A score over time as steps, with the goal, and a mark where somebody stated a figure. */
export function ScoreChart({ label, points, goal, range, height }: ScoreChartProps) {
  const computed = points.map((point) => ({ at: point.at.getTime(), score: point.score }));
  const last = computed.at(-1);
  const rows = last && last.at < range.to ? [...computed, { at: range.to, score: last.score }] : computed;
  const stated = points.filter((point) => point.isStated).slice(-STATED_SHOWN);
  return (
    <TimeSeries
      label={label}
      points={rows}
      series={SERIES}
      range={range}
      step
      format={(value) => String(Math.round(value))}
      thresholds={[{ value: goal, label: `goal ${goal}`, state: "ok" }]}
      markers={stated.map((point) => ({ at: point.at.getTime(), label: `${point.score} stated` }))}
      height={height}
    />
  );
}
