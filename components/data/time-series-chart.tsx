"use client";
import { useLayoutEffect, useRef, useState, type RefObject } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceArea, ReferenceDot, ReferenceLine, Tooltip, XAxis, YAxis } from "recharts";
import { ChartTooltip } from "./chart-tooltip.tsx";
import { formatClock, formatDay } from "./format.ts";
import { seriesColor, stateColor, type Band, type Marker, type Series, type SeriesPoint, type Threshold, type TimeRange, type TimeSeriesProps } from "./series.ts";
import { SkeletonBlock } from "./skeleton.tsx";
import { byteTicks, timeTicks, valueTicks } from "./ticks.ts";
import styles from "./time-series.module.css";

const AXIS = { fontSize: 11, fill: "var(--sw-t3)" } as const;
const DAY_MS = 86_400_000;
/** Room for the longest value label: "1,000 ms". */
const AXIS_PX = 56;
/** Lines across the chart, beside the one at zero. */
const VALUE_TICKS = 4;
/** Ends closer to now than this part of the range carry the word "now": live ranges end on a round step. */
const NOW_WITHIN_SHARE = 0.02;
const NOW_WITHIN_MS = 60_000;
/** Height of a threshold's label with its distance to the line. */
const LABEL_PX = 16;
/** What the chart's height gives to the times and the space above. */
const AROUND_PX = 36;

type ChartProps = TimeSeriesProps & { height: number };

/** Loaded lazily by TimeSeries. It is drawn once its width is known, which the server never knows. */
export default function TimeSeriesChart(props: ChartProps) {
  const [frame, width] = useWidth();
  return (
    <div ref={frame} style={{ height: "100%" }}>
      {width > 0 ? <div className={styles.drawing}><Drawing {...props} width={width} /></div> : <SkeletonBlock height="100%" />}
    </div>
  );
}

/** The width of an element in whole pixels, before the first paint and from then on; 0 until it is known. */
function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, width];
}

function Drawing(props: ChartProps & { width: number }) {
  const { points, series, range, format, thresholds = [], bands = [], markers = [], step, onZoom, note, width, height, axisFrom = 0 } = props;
  const brush = useBrush(onZoom);
  // Whole figures (jobs, services) would repeat their labels on steps below one.
  const isWhole = format(0.25) === format(0);
  const top = highest(points, series, thresholds) - axisFrom;
  const values = (props.isBytes ? byteTicks(top, VALUE_TICKS) : valueTicks(top, VALUE_TICKS, isWhole ? 1 : 0)).map((value) => value + axisFrom);
  const times = [...timeTicks(range.from, range.to, width - AXIS_PX), range.to];
  return (
    <ComposedChart width={width} height={height} data={points as SeriesPoint[]} margin={{ top: 12, right: 16, bottom: 0, left: 0 }} className={styles.chart} accessibilityLayer={false} {...brush.handlers}>
      <defs>
        <pattern id="sw-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="8" fill="var(--sw-unknown-line)" opacity="0.55" />
        </pattern>
      </defs>
      <CartesianGrid vertical={false} stroke="var(--sw-grid)" />
      <XAxis dataKey="at" type="number" domain={[range.from, range.to]} ticks={times} tickFormatter={(at: number) => timeLabel(at, range)} axisLine={false} tickLine={false} tick={AXIS} interval={0} allowDataOverflow height={24} />
      <YAxis width={AXIS_PX} ticks={values} domain={[axisFrom, values.at(-1) ?? 1]} tickFormatter={format} axisLine={false} tickLine={false} tick={AXIS} interval={0} allowDataOverflow />
      {bands.map((band) => bandArea(band, range))}
      {series.map((each, index) => seriesShape(each, index, step))}
      {series.map((each, index) => (each.kind === "area" ? null : lastDot(each, index, points)))}
      {thresholds.map((threshold) => thresholdLine(threshold, isCrowded(threshold, thresholds, ((values.at(-1) ?? 1) - axisFrom) / (height - AROUND_PX))))}
      {markers.map(markerLine)}
      {brush.area ? <ReferenceArea x1={brush.area.from} x2={brush.area.to} fill="var(--sw-ac)" fillOpacity={0.12} /> : null}
      <Tooltip isAnimationActive={false} cursor={{ stroke: "var(--sw-t3)", strokeWidth: 1 }} content={<ChartTooltip series={series} format={format} note={note} />} />
    </ComposedChart>
  );
}

function highest(points: readonly SeriesPoint[], series: readonly Series[], thresholds: readonly Threshold[]): number {
  let top = Math.max(0, ...thresholds.map(({ value }) => value));
  for (const point of points) {
    let stack = 0;
    for (const { key, kind } of series) {
      const value = point[key] ?? 0;
      if (kind === "area") stack += value;
      top = Math.max(top, value, stack);
    }
  }
  return top;
}

function timeLabel(at: number, range: TimeRange): string {
  const date = new Date(at);
  const isLong = range.to - range.from > 2 * DAY_MS;
  if (at === range.to) {
    if (Math.abs(Date.now() - at) > Math.max(NOW_WITHIN_MS, (range.to - range.from) * NOW_WITHIN_SHARE)) return "";
    return isLong ? "Today" : "now";
  }
  return isLong ? formatDay(date) : formatClock(date, range.to - range.from < 600_000);
}

function seriesShape(each: Series, index: number, step: boolean | undefined) {
  const color = seriesColor(each, index);
  const type = step ? ("stepAfter" as const) : ("linear" as const);
  const shared = { dataKey: each.key, name: each.label, type, isAnimationActive: false, connectNulls: false, dot: false } as const;
  if (each.kind === "area") {
    return <Area key={each.key} {...shared} stackId="all" stroke="var(--sw-card)" strokeWidth={1} fill={color} fillOpacity={1} activeDot={false} />;
  }
  return <Line key={each.key} {...shared} stroke={color} strokeWidth={1.5} activeDot={{ r: 3.5, fill: color, stroke: "var(--sw-card)", strokeWidth: 1.5 }} />;
}

/** Marks where a line ends. One dot by itself: the library would make an element for each point to leave out all but one. */
function lastDot(each: Series, index: number, points: readonly SeriesPoint[]) {
  const last = points.findLast((point) => typeof point[each.key] === "number");
  return last ? <ReferenceDot key={`${each.key} end`} x={last.at} y={last[each.key] ?? undefined} r={2.5} fill={seriesColor(each, index)} stroke="none" /> : null;
}

/** Its words begin or end at the band's edge, whichever leaves them room inside the chart. */
function bandArea(band: Band, { from, to }: TimeRange) {
  const isMissing = band.kind === "missing";
  const isLate = (band.from + band.to) / 2 > (from + to) / 2;
  return (
    <ReferenceArea
      key={`${band.kind}${band.from}`}
      x1={band.from}
      x2={band.to}
      fill={isMissing ? "url(#sw-hatch)" : stateColor(band.kind as Exclude<Band["kind"], "missing">)}
      fillOpacity={isMissing ? 1 : 0.12}
      ifOverflow="hidden"
      label={band.label ? { value: band.label, position: isLate ? "insideTopRight" : "insideTopLeft", className: styles.label, fill: "var(--sw-t2)" } : undefined}
    />
  );
}

/** True when another line runs where the label below this one would stand. */
function isCrowded({ value }: Threshold, all: readonly Threshold[], unitsPerPx: number): boolean {
  return all.some((other) => other.value < value && value - other.value < LABEL_PX * unitsPerPx);
}

function thresholdLine({ value, label, state }: Threshold, isAbove: boolean) {
  const color = stateColor(state ?? "warn");
  return <ReferenceLine key={label} y={value} stroke={color} strokeDasharray="4 3" label={{ value: label, position: isAbove ? "insideBottomRight" : "insideTopRight", className: styles.label, fill: color }} />;
}

function markerLine({ at, label, state }: Marker) {
  const color = stateColor(state);
  return <ReferenceLine key={`${label}${at}`} x={at} stroke={color} strokeDasharray="4 3" ifOverflow="hidden" label={{ value: label, position: "insideTopLeft", className: styles.label, fill: color }} />;
}

/** Dragging marks a stretch; letting go hands it on. A click alone does nothing. */
function useBrush(onZoom: ((range: TimeRange) => void) | undefined) {
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  if (!onZoom) return { area: null, handlers: {} };
  const at = (state: { activeLabel?: string | number }): number | null => (state.activeLabel === undefined ? null : Number(state.activeLabel));
  const area = drag && drag.start !== drag.end ? { from: Math.min(drag.start, drag.end), to: Math.max(drag.start, drag.end) } : null;
  return {
    area,
    handlers: {
      onMouseDown: (state: { activeLabel?: string | number }) => {
        const start = at(state);
        if (start !== null) setDrag({ start, end: start });
      },
      onMouseMove: (state: { activeLabel?: string | number }) => {
        const end = at(state);
        if (drag && end !== null && end !== drag.end) setDrag({ ...drag, end });
      },
      onMouseUp: () => {
        setDrag(null);
        if (area) onZoom(area);
      },
      onMouseLeave: () => setDrag(null),
    },
  };
}
