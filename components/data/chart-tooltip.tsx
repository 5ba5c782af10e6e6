import { formatClock, formatDay } from "./format.ts";
import { seriesColor, type Series, type SeriesPoint } from "./series.ts";
import styles from "./time-series.module.css";

interface ChartTooltipProps {
  series: readonly Series[];
  format: (value: number) => string;
  note?: (point: SeriesPoint) => string | null;
  /** Given by the chart while the pointer is over it. */
  active?: boolean;
  payload?: readonly { payload?: SeriesPoint }[];
}

/** Time first, then each series with its value in the order in which they lie above each other, then what stands behind them. */
export function ChartTooltip({ series, format, note, active, payload }: ChartTooltipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  const at = new Date(point.at);
  const last = note?.(point);
  return (
    <div className={styles.tooltip}>
      <div className={styles.when}>
        {formatDay(at)} {formatClock(at, false)} UTC
      </div>
      {series.map((each, index) => ({ ...each, color: seriesColor(each, index) })).reverse().map(({ key, label, color }) => (
        <div key={key} className={styles.value}>
          <i className={styles.swatch} style={{ background: color }} />
          <span>{label}</span>
          <b>{typeof point[key] === "number" ? format(point[key]) : "no data"}</b>
        </div>
      ))}
      {last ? <div className={styles.noteLine}>{last}</div> : null}
    </div>
  );
}
