import type { ReactNode } from "react";
import type { State } from "./status.tsx";
import styles from "./key-figures.module.css";

export interface KeyFigure {
  label: string;
  value: ReactNode;
  /** Beside the figure: its objective or what it is made of. */
  aside?: ReactNode;
  state?: State;
  /** How much of the objective is used, 0 to 1: a 4 px bar below. */
  progress?: number;
  /** A sparkline at the right. */
  chart?: ReactNode;
}

/** One panel of 4 to 6 figures, split by hairlines; wraps to two a row on a phone. */
export function KeyFigures({ label, figures }: { label: string; figures: readonly KeyFigure[] }) {
  return (
    <dl className={styles.strip} aria-label={label}>
      {figures.map((figure) => (
        <div key={figure.label} className={styles.cell} data-state={figure.state}>
          <dt className={styles.label}>{figure.label}</dt>
          <dd className={styles.body}>
            <span className={styles.value}>{figure.value}</span>
            {figure.aside ? <span className={styles.aside}>{figure.aside}</span> : null}
            {figure.chart ? <span className={styles.chart}>{figure.chart}</span> : null}
          </dd>
          {figure.progress === undefined ? null : (
            <span className={styles.track} aria-hidden>
              <span className={styles.fill} style={{ width: `${Math.min(1, Math.max(0, figure.progress)) * 100}%` }} />
            </span>
          )}
        </div>
      ))}
    </dl>
  );
}
