"use client";
import { Button, PasswordInput } from "@mantine/core";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { useViewer } from "../shell/viewer.tsx";
import styles from "./access.module.css";

type ProvePasswordProps = {
  /** What happens next, in one or two sentences. */
  sentence: string;
  confirmLabel: string;
  danger?: boolean;
  /** The account's address, where no viewer is known yet. */
  email?: string;
  /** Word of the way out. */
  cancelLabel?: string;
  send: (input: { password: string }) => Promise<unknown>;
  onCancel: () => void;
};

/** Asks for the viewer's own password before something that matters. */
export function ProvePassword({ sentence, confirmLabel, danger = false, email, cancelLabel = "Cancel", send, onCancel }: ProvePasswordProps) {
  const viewer = useViewer();
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: { password: "" },
    schema: async () => (await import("../../server/access/schema.ts")).PasswordProof,
    toInput: (values) => values,
    send,
  });
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <p className={styles.note}>{sentence}</p>
      <input type="hidden" name="username" autoComplete="username" value={email ?? viewer?.email ?? ""} readOnly />
      <PasswordInput label="Your password" required withAsterisk={false} autoComplete="current-password" data-autofocus {...form.getInputProps("password")} />
      <FormProblem problem={problem} />
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          {cancelLabel}
        </Button>
        <Button type="submit" loading={busy} {...(danger ? { color: "red" } : {})}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
