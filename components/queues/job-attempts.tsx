"use client";
import { useState } from "react";
import type { JobDetail } from "../../server/queues/schema/index.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusIcon } from "../data/status.tsx";
import styles from "./jobs.module.css";

type Attempt = JobDetail["attempts"][number];

/** Every failed attempt, newest first; the newest is open. */
export function JobAttempts({ job }: { job: JobDetail }) {
  const { attempts, attemptsNote, maxAttempts } = job;
  if (attempts.length === 0) return <p className={styles.note}>None failed.</p>;
  return (
    <>
      <ol className={styles.attempts} aria-label="Attempts">
        {attempts.map((attempt, place) => (
          <AttemptRow key={`${attempt.number} ${attempt.endedAt?.getTime() ?? place}`} attempt={attempt} isNewest={place === 0} most={maxAttempts} />
        ))}
      </ol>
      {attemptsNote ? <p className={styles.note}>{attemptsNote}</p> : null}
    </>
  );
}

function tookOf({ startedAt, endedAt }: Attempt): string {
  return startedAt && endedAt ? formatMilliseconds(Math.max(0, endedAt.getTime() - startedAt.getTime())) : "";
}

function AttemptRow({ attempt, isNewest, most }: { attempt: Attempt; isNewest: boolean; most: number | null }) {
  const [isOpen, setOpen] = useState(isNewest);
  const { number, error, cause, stack, worker, endedAt } = attempt;
  return (
    <li className={styles.attempt}>
      <StatusIcon state="fail" />
      <div className={styles.attemptHead}>
        <strong>{number === null ? "Attempt" : isNewest && most !== null ? `${number} of ${most}` : number}</strong>
        <span className={styles.quiet}>
          {tookOf(attempt)} {worker ? `on ${worker}` : ""}
        </span>
        <span className={styles.quiet}>
          <RelativeTime at={endedAt} never="" />
        </span>
      </div>
      <div className={styles.attemptBody}>
        {isOpen ? <Trouble error={error} cause={cause} stack={stack} /> : <code className={styles.cut}>{error ?? "no message"}</code>}
        {isNewest || !stack ? null : (
          <button type="button" className={styles.link} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide the stack" : "Show the stack"}
          </button>
        )}
      </div>
    </li>
  );
}

/** A stack begins with its error; that line is not said twice. */
function Trouble({ error, cause, stack }: Pick<Attempt, "error" | "cause" | "stack">) {
  const frames = stack?.split("\n").filter((line) => /^\s+at /.test(line)).map((line) => `  ${line.trim()}`).join("\n");
  return (
    <div className={styles.stack}>
      <span className={styles.stackError}>{error ?? "no message"}</span>
      {frames ? `\n${frames}` : ""}
      {cause ? `\nCaused by: ${cause}` : ""}
    </div>
  );
}
