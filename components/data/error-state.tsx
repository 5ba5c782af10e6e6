"use client";
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { StatusIcon } from "./status.tsx";
import styles from "./error-state.module.css";

interface ErrorStateProps {
  /** What happened. */
  title: string;
  what?: ReactNode;
  /** What was kept in spite of it. */
  kept?: ReactNode;
  /** What to do now. */
  todo?: ReactNode;
  requestId?: string;
  onRetry?: () => void;
}

/** What happened, what was kept, what to do, and the id to quote. */
export function ErrorState({ title, what, kept, todo, requestId, onRetry }: ErrorStateProps) {
  return (
    <div className={styles.state} role="alert">
      <StatusIcon state="fail" size={16} />
      <div className={styles.body}>
        <p className={styles.title}>{title}</p>
        {[what, kept, todo].map((line, index) => (line ? <p key={index} className={styles.line}>{line}</p> : null))}
        {requestId ? (
          <p className={styles.id}>
            Request <code>{requestId}</code> <CopyButton value={requestId} label="Copy request id" />
          </p>
        ) : null}
        {onRetry ? (
          <Button variant="default" size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  );
}
