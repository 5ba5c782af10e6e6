/** The drawing of a sparkline: pure geometry, so it can be tested without a browser. */

export interface SparklineBox {
  width: number;
  height: number;
  /** Free pixels at every side, so that the end dot is not cut. */
  inset: number;
}

export interface SparklineDrawing {
  line: string;
  area: string;
  end: { x: number; y: number };
}

/**
 * Turns values (oldest first, null = gap) into SVG paths inside the box. The
 * scale starts at zero unless the values vary little, where half the range
 * below the minimum keeps the shape visible. Null when there is nothing to draw.
 */
export function sparklinePath(values: readonly (number | null)[], box: SparklineBox): SparklineDrawing | null {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return null;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const floor = Math.max(0, low - (high - low || high || 1));
  const span = high - floor || 1;
  const step = (box.width - 2 * box.inset) / Math.max(1, values.length - 1);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const place = (value: number, index: number) => ({
    x: round(values.length === 1 ? box.width - box.inset : box.inset + index * step),
    y: round(box.height - box.inset - ((value - floor) / span) * (box.height - 2 * box.inset)),
  });
  let line = "";
  let area = "";
  let run: { x: number; y: number }[] = [];
  let end = { x: 0, y: 0 };
  const close = (): void => {
    const first = run[0];
    const last = run.at(-1);
    if (!first || !last) return;
    const points = run.map((point) => `${point.x},${point.y}`).join("L");
    line += `M${points}`;
    area += `M${first.x},${box.height}L${points}L${last.x},${box.height}Z`;
    end = last;
    run = [];
  };
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) close();
    else run.push(place(value, index));
  });
  close();
  return { line, area, end };
}
