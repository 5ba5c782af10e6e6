"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useRef, useState, type FormEvent } from "react";
import { FormProblem } from "../data/form-problem.tsx";
import type { Credentials } from "./auth-calls.ts";
import styles from "./auth.module.css";
import { ForgottenHint } from "./forgotten-hint.tsx";
import { PasswordEye } from "./password-eye.tsx";

type Step = { busy: boolean; problem: string | null; sendsMail: boolean; onCredentials: (given: Credentials) => void };

/** The first step of signing in. What was typed stays when it is refused. */
export function CredentialFields({ busy, problem, sendsMail, onCredentials }: Step) {
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const [isForgotten, setForgotten] = useState(false);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    onCredentials({ email: emailInput.current?.value ?? "", password: passwordInput.current?.value ?? "" });
    passwordInput.current?.select();
  };
  return (
    <form method="post" className={styles.card} onSubmit={onSubmit}>
      <h1 className={styles.title}>Sign in</h1>
      <TextInput ref={emailInput} label="Email" name="email" type="email" autoComplete="username" required withAsterisk={false} size="md" />
      <div className={styles.password}>
        <PasswordInput ref={passwordInput} label="Password" name="password" autoComplete="current-password" required withAsterisk={false} size="md" visibilityToggleIcon={PasswordEye} visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }} />
        {sendsMail ? (
          <a className={styles.forgot} href="/forgotten-password">
            Forgot it?
          </a>
        ) : (
          <button type="button" className={styles.forgot} aria-expanded={isForgotten} onClick={() => setForgotten(!isForgotten)}>
            Forgot it?
          </button>
        )}
      </div>
      {isForgotten ? <ForgottenHint /> : null}
      <FormProblem problem={problem} />
      <Button type="submit" size="md" fullWidth loading={busy}>
        Sign in
      </Button>
    </form>
  );
}
