import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { FormMeanwhile, FormProblem } from "./form-problem.tsx";
import styles from "./form-end.module.css";

interface FormEndProps {
  /** Word of the button that sends the form. */
  submit: string;
  busy: boolean;
  problem: string | null;
  meanwhile?: string | null;
  /** True: there is nothing to send yet. */
  disabled?: boolean;
  /** The way out of a dialog. */
  onCancel?: () => void;
  /** The form of something saved: it can be undone, and only a change can be sent. */
  undo?: { reset: () => void; isDirty: () => boolean };
  /** Buttons before these. */
  children?: ReactNode;
}

/** The end of a form: who saved meanwhile, what stops it, and its buttons. */
export function FormEnd({ submit, busy, problem, meanwhile = null, disabled, onCancel, undo, children }: FormEndProps) {
  const isSame = undo?.isDirty() === false;
  return (
    <>
      <FormMeanwhile meanwhile={meanwhile} />
      <FormProblem problem={problem} />
      <div className={styles.buttons}>
        {children}
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
        {undo ? (
          <Button variant="default" onClick={undo.reset} disabled={isSame}>
            Undo changes
          </Button>
        ) : null}
        <Button type="submit" loading={busy} disabled={disabled || isSame}>
          {submit}
        </Button>
      </div>
    </>
  );
}
