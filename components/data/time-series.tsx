"use client";
import dynamic from "next/dynamic";
import { useEffect } from "react";
import { formatUtc } from "./format.ts";
import { seriesColor, stateColor, type Series, type Threshold, type TimeSeriesProps } from "./series.ts";
import { SkeletonBlock } from "./skeleton.tsx";
import styles from "./time-series.module.css";

export type { Band, Series, SeriesPoint, Threshold, TimeSeriesProps } from "./series.ts";

const DEFAULT_HEIGHT = 240;

const waiting = () => <SkeletonBlock height="100%" />;

/** The drawing library is fetched only by pages that show a chart. */
const Chart = dynamic(() => import("./time-series-chart.tsx"), { ssr: false, loading: waiting });

/** The same, named in the first HTML, so that the browser fetches it beside the page's own scripts. */
const EarlyChart = dynamic(() => import("./time-series-chart.tsx"), { loading: waiting });

/** Stands where a chart will be while its figures are asked for; fetches the drawing library meanwhile. */
export function ChartSkeleton({ height = DEFAULT_HEIGHT }: { height?: number }) {
  useEffect(() => void import("./time-series-chart.tsx"), []);
  return <SkeletonBlock height={height} />;
}

/** Lines or stacked areas over time; the same figures stand in a table for screen readers. */
export function TimeSeries(props: TimeSeriesProps) {
  const height = props.height ?? DEFAULT_HEIGHT;
  const Drawing = props.isFirst ? EarlyChart : Chart;
  return (
    <figure className={styles.figure} style={{ minHeight: height }} aria-label={props.label}>
      <div aria-hidden style={{ height }}>
        <Drawing {...props} height={height} />
      </div>
      <FigureTable {...props} />
    </figure>
  );
}

/** Swatches for the series and dashes for the thresholds; stands beside the card's title. */
export function Legend({ series, thresholds = [] }: { series: readonly Series[]; thresholds?: readonly Threshold[] }) {
  return (
    <span className={styles.legend}>
      {series.map((each, index) => (
        <span key={each.key} className={styles.entry}>
          <i className={styles.swatch} style={{ background: seriesColor(each, index) }} />
          {each.label}
        </span>
      ))}
      {thresholds.map((threshold) => (
        <span key={threshold.label} className={styles.entry}>
          <i className={styles.dash} style={{ borderColor: stateColor(threshold.state ?? "warn") }} />
          {threshold.label}
        </span>
      ))}
    </span>
  );
}

/** Enough points to hear the course of a line without hearing all of it. */
const SPOKEN_POINTS = 12;

function FigureTable({ label, points, series, format }: TimeSeriesProps) {
  const every = Math.max(1, Math.ceil(points.length / SPOKEN_POINTS));
  const spoken = points.filter((_, index) => (points.length - 1 - index) % every === 0);
  return (
    <table className={styles.spoken}>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {series.map((each) => (
            <th key={each.key} scope="col">
              {each.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {spoken.map((point) => (
          <tr key={point.at}>
            <th scope="row">{formatUtc(new Date(point.at))}</th>
            {series.map(({ key }) => (
              <td key={key}>{typeof point[key] === "number" ? format(point[key]) : "no data"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
