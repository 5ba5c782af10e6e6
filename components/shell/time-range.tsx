"use client";
import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconClock } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLiveState } from "./use-live-state.ts";
import { parseTimeRange, PRESETS, stepOf, withTimeRange, type PresetKey, type TimeRange } from "./time-range-value.ts";
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

/** The one picker of a page, in the header: it drives every chart. */
export function TimeRangePicker() {
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  const [opened, setOpened] = useState(false);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={232}>
      <Menu.Target>
        <button type="button" className={styles.control} aria-label={`Time range: ${range.label}`}>
          <IconClock size={14} aria-hidden />
          <span className={styles.wide}>{range.label}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {PRESETS.map((preset) => (
          <Menu.Item key={preset.key} onClick={() => setRange({ key: preset.key })} rightSection={preset.key === range.key ? <IconCheck size={14} aria-label="chosen" /> : null}>
            {preset.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {opened ? <CustomRange range={range} onApply={(from, to) => (setRange({ from, to }), setOpened(false))} /> : null}
      </Menu.Dropdown>
    </Menu>
  );
}
