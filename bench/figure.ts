/**
 * One measured figure and its goal. Benches print figures and never fail a build by wall time: machines differ, so a
 * figure is a ratio against a bare baseline of the same run wherever that is possible.
 */

export type Figure = {
  /** Kebab-case, unique in its area. */
  name: string;
  value: number;
  unit: "ratio" | "ms" | "s" | "MB" | "KB" | "percent" | "count";
  /** Comparison and number, e.g. "<=3" or ">=0.6". */
  goal: `${"<=" | ">="}${number}`;
  /** What was measured, when the name does not say it. */
  note?: string;
};

/** True when the figure meets its goal. */
export function meetsGoal(figure: Figure): boolean {
  const bound = Number(figure.goal.slice(2));
  return figure.goal.startsWith("<=") ? figure.value <= bound : figure.value >= bound;
}

/** The line that scripts read: `BENCH platform.live-first-200 value=1.9 unit=s goal=<=3 ok`. */
export function figureLine(area: string, figure: Figure): string {
  const value = Number(figure.value.toPrecision(4));
  return `BENCH ${area}.${figure.name} value=${value} unit=${figure.unit} goal=${figure.goal} ${meetsGoal(figure) ? "ok" : "short"}`;
}

/** The value below which `share` of the sorted samples lie (nearest rank). */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
