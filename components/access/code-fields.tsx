"use client";
import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, type FormEvent } from "react";
import { FormProblem } from "../data/form-problem.tsx";
import styles from "./auth.module.css";

type Step = { email: string; busy: boolean; problem: string | null; onCode: (code: string) => void; onBack: () => void };

/** The second step of signing in: a code of the authenticator app, or a recovery code. */
export function CodeFields({ email, busy, problem, onCode, onBack }: Step) {
  const input = useRef<HTMLInputElement>(null);
  // This step was asked for; whoever types on must land here.
  useEffect(() => input.current?.focus(), []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    onCode(input.current?.value ?? "");
    input.current?.select();
  };
  return (
    <form method="post" className={styles.card} onSubmit={onSubmit}>
      <div>
        <h1 className={styles.title}>Second factor</h1>
        <p className={styles.lead}>{email}</p>
      </div>
      <TextInput
        ref={input}
        label="Code"
        name="code"
        inputMode="text"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        required
        withAsterisk={false}
        size="md"
        maxLength={40}
        classNames={{ input: styles.code }}
        description="Six digits from your authenticator app, or one of your recovery codes."
        inputWrapperOrder={["label", "input", "description", "error"]}
      />
      <FormProblem problem={problem} />
      <Button type="submit" size="md" fullWidth loading={busy}>
        Continue
      </Button>
      <button type="button" className={styles.back} onClick={onBack}>
        Sign in as someone else
      </button>
    </form>
  );
}
