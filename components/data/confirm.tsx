"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Code } from "./code.tsx";
import { StatusIcon } from "./status.tsx";
import styles from "./confirm.module.css";

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  sentence: ReactNode;
  /** What is lost, in figures; stands in a box. `danger` false keeps the box quiet. */
  consequence?: { title: string; text: ReactNode };
  /** When given, this has to be typed before the act is possible. */
  typeName?: string;
  confirmLabel: string;
  danger?: boolean;
  /** Who the audit log will name. */
  recordedAs?: string;
  busy?: boolean;
  /** False while something is still missing, beside the name to type. */
  ready?: boolean;
  /** Choices that belong to the act. */
  children?: ReactNode;
}

/** Asks before an act that cannot simply be undone: what happens, what is lost, and as whom it is recorded. */
export function Confirm(props: ConfirmProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} classNames={{ header: styles.head, title: styles.title, body: styles.modalBody }}>
      {props.opened ? <ConfirmBody {...props} /> : null}
    </Modal>
  );
}

function ConfirmBody({ onClose, onConfirm, sentence, consequence, typeName, confirmLabel, danger, recordedAs, busy, ready: isComplete = true, children }: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const ready = isComplete && (typeName === undefined || typed.trim() === typeName);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) onConfirm();
      }}
    >
      <div className={styles.body}>
        <div className={styles.sentence}>{sentence}</div>
        {children}
        {consequence ? (
          <div className={styles.box} data-danger={danger || undefined}>
            <StatusIcon state={danger ? "fail" : "warn"} />
            <div>
              <p className={styles.boxTitle}>{consequence.title}</p>
              <div className={styles.boxText}>{consequence.text}</div>
            </div>
          </div>
        ) : null}
        {typeName === undefined ? null : (
          <TextInput
            label={<>Type <Code>{typeName}</Code> to confirm</>}
            aria-label={`Type ${typeName} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            classNames={{ input: styles.typed }}
          />
        )}
      </div>
      <footer className={styles.foot}>
        <span className={styles.recorded}>{recordedAs ? `Recorded in the audit log as ${recordedAs}` : null}</span>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={!ready} loading={busy} {...(danger ? { color: "red" } : {})}>
          {confirmLabel}
        </Button>
      </footer>
    </form>
  );
}
