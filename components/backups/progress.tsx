import type { ReactNode } from "react";
import { formatDuration } from "../data/duration.ts";
import { formatCount, formatSize } from "../data/format.ts";
import { PHASE_WORD } from "./words.ts";
import styles from "./backups.module.css";

interface ProgressFacts {
  phase: string;
  bytes: number;
  archiveBytes?: number;
  done: number;
  total: number | null;
  current: string | null;
  bytesPerSecond?: number | null;
  secondsLeft?: number | null;
}

const SECOND_MS = 1_000;

/** How far something is: phase, bytes, tables, rate and time left, over a bar that is honest about what it does not know. */
export function Progress({ progress, noun = "tables", children }: { progress: ProgressFacts | null; noun?: string; children?: ReactNode }) {
  if (!progress) return <p className={styles.note}>Waiting for a worker.{children}</p>;
  const { phase, bytes, archiveBytes, done, total, current, bytesPerSecond, secondsLeft } = progress;
  const share = total !== null && total > 0 ? done / total : null;
  return (
    <div className={styles.progress}>
      <div className={styles.fineTrack} role="progressbar" aria-label={PHASE_WORD[phase] ?? phase} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share === null ? undefined : Math.round(share * 100)}>
        <span className={styles.fineFill} data-unknown={share === null || undefined} style={share === null ? undefined : { width: `${share * 100}%` }} />
      </div>
      <div className={styles.progressWords}>
        <b>{PHASE_WORD[phase] ?? phase}</b>
        <span>{formatSize(bytes)} read{archiveBytes === undefined ? "" : `, ${formatSize(archiveBytes)} stored`}</span>
        {done > 0 || total !== null ? <span>{formatCount(done)}{total === null ? "" : ` of ${formatCount(total)}`} {noun}</span> : null}
        {bytesPerSecond ? <span>{formatSize(bytesPerSecond)}/s</span> : null}
        {secondsLeft === null || secondsLeft === undefined ? null : <span>about {formatDuration(secondsLeft * SECOND_MS)} left</span>}
        {current ? <span>{current}</span> : null}
        {children}
      </div>
    </div>
  );
}
