"use client";
import { Tooltip } from "@mantine/core";
import { useState } from "react";
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
  const [pointed, setPointed] = useState<number | null>(null);
  const width = Math.max(0, bars.length * PITCH - 1);
  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <Tooltip.Floating label={bar?.label ?? ""} disabled={!bar} classNames={{ tooltip: styles.tooltip }}>
      <svg
        role="img"
        aria-label={label}
        className={styles.bars}
        data-wide={wide || undefined}
        width={wide ? "100%" : width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const index = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
          setPointed(Math.max(0, Math.min(bars.length - 1, index)));
        }}
        onPointerLeave={() => setPointed(null)}
      >
        {bars.map(({ state }, index) => (
          <rect
            // Bars are a fixed window: their place is their identity.
            key={index}
            data-state={state}
            x={index * PITCH}
            width={THICKNESS}
            y={height - Math.round(height * SHARE[state])}
            height={Math.round(height * SHARE[state])}
          />
        ))}
      </svg>
    </Tooltip.Floating>
  );
}
