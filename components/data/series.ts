/** What a chart over time is made of; all instants are epoch milliseconds. */
import type { State } from "./status.tsx";

/** One instant; values under the series' keys, null where nothing was measured. */
export interface SeriesPoint {
  at: number;
  [key: string]: number | null;
}

export interface Series {
  key: string;
  label: string;
  /** Which of the five series colours; its place in the list otherwise. Lines use 1, 2 and 4. */
  tone?: 1 | 2 | 3 | 4 | 5;
  /** Areas are stacked in the order given, the last one on top. */
  kind?: "line" | "area";
}

export interface Threshold {
  value: number;
  label: string;
  state?: State;
}

/** A stretch of time: missing data is hatched, a state is a faint band. */
export interface Band {
  from: number;
  to: number;
  kind: "missing" | State;
  label?: string;
}

export interface Marker {
  at: number;
  label: string;
  state?: State;
}

export interface TimeRange {
  from: number;
  to: number;
}

export interface TimeSeriesProps {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  points: readonly SeriesPoint[];
  series: readonly Series[];
  range: TimeRange;
  format: (value: number) => string;
  /** Values are bytes, shown in units of 1,024: the axis is round in them. */
  isBytes?: boolean;
  thresholds?: readonly Threshold[];
  bands?: readonly Band[];
  markers?: readonly Marker[];
  /** Values hold until the next one, as scores do. */
  step?: boolean;
  /** Dragging over the chart selects a range. */
  onZoom?: (range: TimeRange) => void;
  /** A last line in the tooltip: the count behind the figures. */
  note?: (point: SeriesPoint) => string | null;
  height?: number;
  /** Where the value axis begins; zero unless told otherwise. Only percentages near their gate begin higher. */
  axisFrom?: number;
  /** True for the chart that a page is opened for: its code is asked for with the page, not once the page stands. */
  isFirst?: boolean;
}

/** The colour of the series at `index`: lines take 1, 2 and 4, areas 1 to 5. */
export function seriesColor(series: Series, index: number): string {
  const order = series.kind === "area" ? [1, 2, 3, 4, 5] : [1, 2, 4];
  return `var(--sw-s${series.tone ?? order[index % order.length]})`;
}

/** The colour of a state's lines and labels; ordinary text without one. */
export function stateColor(state: State | undefined): string {
  if (state === undefined) return "var(--sw-t3)";
  return state === "stale" ? "var(--sw-unknown)" : `var(--sw-${state})`;
}
