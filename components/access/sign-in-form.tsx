"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconHeartbeat } from "@tabler/icons-react";
import { useRef, useState, type FormEvent } from "react";
import { FormProblem } from "../data/form-problem.tsx";
import { signIn } from "./auth-calls.ts";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";
import { PasswordEye } from "./password-eye.tsx";

/** Asks for email and password; `callbackUrl` is a path of this console, checked by the page. */
export function SignInForm({ callbackUrl }: { callbackUrl: string }) {
  const emailInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isForgotten, setForgotten] = useState(false);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    signIn({ email: emailInput.current?.value ?? "", password: passwordInput.current?.value ?? "" })
      .then(() => window.location.assign(callbackUrl))
      .catch((error: Error) => {
        setProblem(error.message);
        setBusy(false);
        passwordInput.current?.select();
      });
  };
  return (
    <div className={styles.narrow}>
      <Brand />
      <form method="post" className={styles.card} onSubmit={onSubmit}>
        <h1 className={styles.title}>Sign in</h1>
        <TextInput ref={emailInput} label="Email" name="email" type="email" autoComplete="username" required withAsterisk={false} size="md" />
        <div className={styles.password}>
          <PasswordInput ref={passwordInput} label="Password" name="password" autoComplete="current-password" required withAsterisk={false} size="md" visibilityToggleIcon={PasswordEye} visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }} />
          <button type="button" className={styles.forgot} aria-expanded={isForgotten} onClick={() => setForgotten(!isForgotten)}>
            Forgot it?
          </button>
        </div>
        {isForgotten ? <ForgottenHint /> : null}
        <FormProblem problem={problem} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          Sign in
        </Button>
      </form>
      <p className={styles.aid}>
        <IconHeartbeat size={16} stroke={1.75} aria-hidden />
        <span>Is the console itself well? No sign-in needed.</span>
        <a className="sw-link" href="/health/status">
          Health
        </a>
      </p>
    </div>
  );
}

function ForgottenHint() {
  return (
    <p className={styles.hint} role="status">
      An administrator can give you a new one under Access. On the server itself, <code>npm run cli -- admin create --email you@example.com --reset</code> does the same.
    </p>
  );
}
