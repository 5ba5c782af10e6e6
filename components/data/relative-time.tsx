"use client";
import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { formatAge } from "./duration.ts";
import { formatClock, formatDay, formatUtc } from "./format.ts";
import styles from "./relative-time.module.css";

/** One ticker for the whole page: a hundred ages cost one timer. */
const TICK_MS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of listeners) tell();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
      now = 0;
    }
  };
}

function snapshot(): number {
  if (now === 0) now = Date.now();
  return now;
}

/** The wall time, ticking once a second; 0 while rendering on the server, where ages are not known. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot, () => 0);
}

interface RelativeTimeProps {
  at: Date | string | number | null | undefined;
  /** After the age: " ago" by default. */
  suffix?: string;
  /** Older than this is marked as stale. */
  staleAfterMs?: number;
  /** What is written when there is no time. */
  never?: string;
}

/**
 * "12 s ago", ticking; hover or focus shows UTC, local time and epoch.
 * A time in the future reads "in 18 min".
 */
export function RelativeTime({ at, suffix = " ago", staleAfterMs, never = "never" }: RelativeTimeProps) {
  const current = useNow();
  if (at === null || at === undefined) return <span className={styles.never}>{never}</span>;
  const date = new Date(at);
  const age = current - date.getTime();
  const stale = staleAfterMs !== undefined && current > 0 && age > staleAfterMs;
  return (
    <Tooltip label={<Instants date={date} />} openDelay={300} events={{ hover: true, focus: true, touch: true }} classNames={{ tooltip: styles.card }}>
      <time className={styles.time} dateTime={date.toISOString()} data-stale={stale || undefined}>
        {current === 0 ? `${formatDay(date)} ${formatClock(date, false)}` : relativeWords(age, suffix)}
      </time>
    </Tooltip>
  );
}

function relativeWords(age: number, suffix: string): string {
  // Clocks differ by a little: two seconds ahead is still "now", not the future.
  if (age < -2000) return `in ${formatAge(-age)}`;
  if (suffix.trim() === "ago" && age < 2000) return "just now";
  return `${formatAge(age)}${suffix}`;
}

function Instants({ date }: { date: Date }) {
  return (
    <span className={styles.instants}>
      <span>UTC</span>
      <span>{formatUtc(date)}</span>
      <span>Local</span>
      <span>{date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" })}</span>
      <span>Epoch</span>
      <span>{date.getTime()}</span>
    </span>
  );
}
