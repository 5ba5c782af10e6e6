"use client";
import { Popover } from "@mantine/core";
import { IconChevronDown, IconClock } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLiveState } from "./use-live-state.ts";
import { hasTimeRange, parseTimeRange, PRESETS, stepOf, withTimeRange, type PresetKey, type TimeRange } from "./time-range-value.ts";
import styles from "./header.module.css";

/** The page's range. Its end moves with the clock, one step at a time, unless the tab is paused or the range is custom. */
export function useTimeRange(): TimeRange {
  const search = useSearchParams();
  const isPaused = useLiveState() === "paused";
  const [now, setNow] = useState(() => Date.now());
  const { durationMs, isLive } = parseTimeRange(search, now);
  useEffect(() => {
    if (!isLive || isPaused) return;
    const timer = setInterval(() => setNow(Date.now()), stepOf(durationMs));
    return () => clearInterval(timer);
  }, [durationMs, isLive, isPaused]);
  return useMemo(() => parseTimeRange(search, now), [search, now]);
}

/** Puts a range into the URL without leaving the page or asking the server for it again. */
export function useSetTimeRange(): (next: { key: PresetKey } | { from: Date; to: Date }) => void {
  const search = useSearchParams();
  return useCallback(
    (next) => {
      const text = withTimeRange(new URLSearchParams(search), next).toString();
      window.history.pushState(null, "", text ? `?${text}` : window.location.pathname);
    },
    [search],
  );
}

/** Its fields come with the first opening of the menu. */
const CustomRange = dynamic(() => import("./custom-range.tsx"), { ssr: false });

/** The one picker of a page, in the header: it drives every chart. Pages without one do without it. */
export function TimeRangePicker() {
  return hasTimeRange(usePathname()) ? <Picker /> : null;
}

function Picker() {
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  const [opened, setOpened] = useState(false);
  const choose = (next: Parameters<typeof setRange>[0]) => {
    setRange(next);
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={232} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.control} aria-label={`Time range: ${range.label}`} onClick={() => setOpened(!opened)}>
          <IconClock size={14} aria-hidden />
          <span className={styles.wide}>{range.label}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label="Time range">
        <div className={styles.ranges}>
          {PRESETS.map((preset) => (
            <button key={preset.key} type="button" className={styles.range} aria-pressed={preset.key === range.key} onClick={() => choose({ key: preset.key })}>
              {preset.label}
            </button>
          ))}
        </div>
        {opened ? <CustomRange range={range} onApply={(from, to) => choose({ from, to })} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
}
