import { sparklinePath } from "./sparkline-path.ts";
import type { State } from "./status.tsx";
import styles from "./sparkline.module.css";

interface SparklineProps {
  /** Oldest first; null is a gap. */
  values: readonly (number | null)[];
  /** What the line shows, for those who cannot see it. */
  label: string;
  width?: number;
  height?: number;
  state?: State;
}

/** From this width on there is room for a fill that does not smear. */
const FILL_FROM = 49;

/** A line without axes, 1.5 px, ending in a dot; coloured by its state when not ok. */
export function Sparkline({ values, label, width = 40, height = 20, state = "ok" }: SparklineProps) {
  const path = sparklinePath(values, { width, height, inset: 3 });
  return (
    <svg className={styles.line} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} data-state={state}>
      {path === null ? (
        <line x1={2} x2={width - 2} y1={height - 3} y2={height - 3} className={styles.none} />
      ) : (
        <>
          {width >= FILL_FROM ? <path d={path.area} className={styles.fill} /> : null}
          <path d={path.line} className={styles.stroke} />
          <circle cx={path.end.x} cy={path.end.y} r={2} className={styles.dot} />
        </>
      )}
    </svg>
  );
}
