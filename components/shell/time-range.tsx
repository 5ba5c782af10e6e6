"use client";
import { Button, Menu, TextInput } from "@mantine/core";
import { IconCheck, IconChevronDown, IconClock } from "@tabler/icons-react";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState, type KeyboardEvent } from "react";
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

const asInput = (date: Date): string => date.toISOString().slice(0, 16);

/** Arrow keys change the date here and do not walk through the menu. */
const FIELD = { type: "datetime-local", size: "xs", onKeyDown: (event: KeyboardEvent) => event.key !== "Escape" && event.stopPropagation() } as const;

function CustomRange({ range, onApply }: { range: TimeRange; onApply: (from: Date, to: Date) => void }) {
  const [from, setFrom] = useState(asInput(range.from));
  const [to, setTo] = useState(asInput(range.to));
  const start = new Date(`${from}Z`);
  const end = new Date(`${to}Z`);
  const isValid = end.getTime() > start.getTime();
  return (
    <form
      className={styles.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onApply(start, end);
      }}
    >
      <TextInput {...FIELD} label="From, UTC" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput {...FIELD} label="To, UTC" value={to} onChange={(event) => setTo(event.currentTarget.value)} error={isValid ? null : "Must be after the start"} />
      <Button type="submit" size="xs" variant="default" fullWidth disabled={!isValid}>
        Show this range
      </Button>
    </form>
  );
}
