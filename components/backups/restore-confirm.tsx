"use client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { RestoreOutlook } from "../../server/backups/schema.ts";
import { Code } from "../data/code.tsx";
import { formatDuration } from "../data/duration.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { formatCount, formatSize, formatUtc, plural } from "../data/format.ts";
import { StatusIcon } from "../data/status.tsx";
import { useViewer } from "../shell/viewer.tsx";
import styles from "./backups.module.css";

interface RestoreConfirmProps {
  outlook: RestoreOutlook;
  isReplace: boolean;
  /** What of the backup comes back; null for everything. */
  part: string | null;
  busy: boolean;
  problem: string | null;
  onBack: () => void;
  onStart: (typed: string | undefined) => void;
}

const SECOND_MS = 1_000;

/** What will happen in figures, who is connected, and the name to type when something is replaced. */
export function RestoreConfirm({ outlook, isReplace, part, busy, problem, onBack, onStart }: RestoreConfirmProps) {
  const viewer = useViewer();
  const [typed, setTyped] = useState("");
  const isReady = outlook.token !== null && (!isReplace || typed.trim() === outlook.confirmation);
  const seconds = outlook.expectedSeconds === null ? "" : `, about ${formatDuration(outlook.expectedSeconds * SECOND_MS)}`;
  return (
    <form
      className={styles.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !busy) onStart(isReplace ? typed.trim() : undefined);
      }}
    >
      <p className={styles.note}>
        From the copy of <b>{formatUtc(outlook.dataAsOf)}</b>: {part === null ? <>{formatSize(outlook.bytes)}{outlook.tables === 0 ? null : <>, {formatCount(outlook.rows)} rows in {plural(outlook.tables, "table")}</>}{seconds}</> : <>only {part}</>}. Into <Code>{outlook.targetLabel}</Code>.
      </p>
      {isReplace && outlook.lostMs !== null ? <Consequences outlook={outlook} lostMs={outlook.lostMs} /> : null}
      {outlook.warnings.length > 0 && !isReplace ? (
        <div className={styles.dangerBox} data-quiet>
          <StatusIcon state="warn" size={16} />
          <span>{outlook.warnings.join(" ")}</span>
        </div>
      ) : null}
      {outlook.problems.map((each) => (
        <FormProblem key={each} problem={each} />
      ))}
      {isReplace && outlook.token !== null ? (
        <TextInput
          label={<>Type <Code>{outlook.confirmation}</Code> to confirm</>}
          aria-label={`Type ${outlook.confirmation} to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      ) : null}
      <FormProblem problem={problem} />
      <p className={styles.note}>{viewer ? `Recorded in the audit log as ${viewer.name}` : null}</p>
      <div className={styles.formActions}>
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" disabled={!isReady} loading={busy} {...(isReplace ? { color: "red" } : {})}>
          {isReplace ? "Restore in place" : "Restore"}
        </Button>
      </div>
    </form>
  );
}

function Consequences({ outlook, lostMs }: { outlook: RestoreOutlook; lostMs: number }) {
  return (
    <div className={styles.dangerBox}>
      <StatusIcon state="fail" size={16} />
      <span>
        <b>Everything written since then is lost: {formatDuration(lostMs)}.</b>
        {outlook.warnings.join(" ")} {outlook.sessions.length === 0 ? "Nobody is connected." : `${plural(outlook.sessions.length, "session")} will be closed:`}
        <ul className={styles.sessions}>
          {outlook.sessions.map((session, index) => (
            <li key={index}>
              {session.user} {session.application} {session.address ?? ""}
            </li>
          ))}
        </ul>
      </span>
    </div>
  );
}
