"use client";
import { Button } from "@mantine/core";
import { CopyTextButton } from "../data/copy-button.tsx";
import { StatusIcon } from "../data/status.tsx";
import styles from "./access.module.css";

/** A secret that is shown this once, with the button that copies it and a plain word about what happens next. */
export function SecretOnce({ label, secret, note, onDone }: { label: string; secret: string; note: string; onDone: () => void }) {
  return (
    <div className={styles.secret}>
      <p className={styles.note}>
        <StatusIcon state="warn" /> <b>{label}</b> {note}
      </p>
      <div className={styles.secretBox}>
        <code aria-label={label}>{secret}</code>
        <CopyTextButton value={secret} label="Copy" filled />
      </div>
      <div className={styles.end}>
        <Button variant="default" onClick={onDone}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
