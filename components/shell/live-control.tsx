"use client";
import { IconPlayerPause, IconPlayerPlay, IconPlugConnectedX } from "@tabler/icons-react";
import { formatClock } from "../data/format.ts";
import { useNow } from "../data/relative-time.tsx";
import { setPaused } from "./live-state.ts";
import { useLiveState } from "./use-live-state.ts";
import styles from "./header.module.css";

const WORDS = { live: "Live", paused: "Paused", connecting: "Not live" } as const;

/** Says whether the page moves by itself, with the clock, and pauses or resumes it. */
export function LiveControl() {
  const state = useLiveState();
  const isPaused = state === "paused";
  const hint = isPaused ? "Resume live updates" : "Pause live updates";
  return (
    <button type="button" className={`${styles.control} ${styles.live}`} data-live={state} aria-pressed={isPaused} title={hint} onClick={() => setPaused(!isPaused)}>
      {state === "connecting" ? <IconPlugConnectedX size={14} aria-hidden /> : <span className={styles.dot} aria-hidden />}
      <span className={styles.liveWord}>{WORDS[state]}</span>
      <Clock />
      <span className="sw-hidden">{hint}</span>
      {isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
    </button>
  );
}

function Clock() {
  const now = useNow();
  return <span className={styles.clock}>{now === 0 ? "" : `${formatClock(new Date(now))} UTC`}</span>;
}
