"use client";
import { Portal } from "@mantine/core";
import { useState, type PointerEvent } from "react";
import type { State } from "./status.tsx";
import styles from "./uptime-bars.module.css";

export interface UptimeBar {
  state: State;
  /** Read in the tooltip: "06:00 to 07:00, 98.75 %". */
  label: string;
}

interface UptimeBarsProps {
  /** Oldest first; the newest stands at the right. */
  bars: readonly UptimeBar[];
  /** The whole in one sentence, for those who cannot see bars. */
  label: string;
  height?: number;
  /** Stretch over the width that is there, instead of 3 px a bar. */
  wide?: boolean;
}

/** Height says the state too, so that colour is never alone. */
const SHARE: Record<State, number> = { ok: 0.55, maintenance: 0.55, warn: 0.78, blocked: 0.78, fail: 1, unknown: 0.25, stale: 0.25 };

const PITCH = 4;
const THICKNESS = 3;

/** One bar a period: colour and height tell the state, hovering tells the period. */
export function UptimeBars({ bars, label, height = 18, wide = false }: UptimeBarsProps) {
  const [pointed, setPointed] = useState<{ index: number; x: number; y: number } | null>(null);
  const width = Math.max(0, bars.length * PITCH - 1);
  const bar = pointed === null ? undefined : bars[pointed.index];
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
    setPointed({ index: Math.max(0, Math.min(bars.length - 1, index)), x: event.clientX, y: box.bottom });
  };
  return (
    <>
      <svg
        role="img"
        aria-label={label}
        className={styles.bars}
        data-wide={wide || undefined}
        width={wide ? "100%" : width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
      >
        {pathsOf(bars, height).map(({ state, d }) => (
          <path key={state} data-state={state} d={d} />
        ))}
      </svg>
      {pointed && bar ? (
        <Portal>
          <div className={styles.tooltip} style={{ left: pointed.x, top: pointed.y + 8 }} aria-hidden>
            {bar.label}
          </div>
        </Portal>
      ) : null}
    </>
  );
}

/** All bars of one state in one path: a list of a hundred rows stays light. */
function pathsOf(bars: readonly UptimeBar[], height: number): { state: State; d: string }[] {
  const paths = new Map<State, string>();
  bars.forEach(({ state }, index) => {
    const size = Math.round(height * SHARE[state]);
    paths.set(state, `${paths.get(state) ?? ""}M${index * PITCH} ${height - size}h${THICKNESS}v${size}h-${THICKNESS}z`);
  });
  return [...paths].map(([state, d]) => ({ state, d }));
}
