"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { passwordProblem } from "../../server/access/schema/password-rule.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useTRPCClient } from "../trpc/client.tsx";
import { signIn } from "./auth-calls.ts";
import styles from "./auth.module.css";
import { PasswordEye } from "./password-eye.tsx";
import { STEPS } from "./setup-steps.tsx";

const TOKEN_FORM = "XXXX-XXXX-XXXX-XXXX";

/** Step 2: creates the first administrator and signs in as it. */
export function AdministratorForm({ token, onDone }: { token: string; onDone: () => void }) {
  const { busy, problem, fields, values, set, onSubmit } = useSetUp(token, onDone);
  const weakness = passwordProblem(values.password, values.email);
  return (
    <div className={styles.wide}>
      <header>
        <p className={styles.count}>Step 2 of {STEPS}</p>
        <h1 className={styles.title}>Create the administrator</h1>
        <p className={styles.lead}>This account can do everything. Add others later under Access.</p>
      </header>
      <form method="post" className={styles.card} onSubmit={onSubmit}>
        <TextInput label="Name" name="name" autoComplete="name" required withAsterisk={false} maxLength={80} size="md" value={values.name} onChange={set("name")} error={fields.name} />
        <TextInput label="Email" name="email" type="email" autoComplete="username" required withAsterisk={false} size="md" description="You sign in with it." inputWrapperOrder={["label", "input", "description", "error"]} value={values.email} onChange={set("email")} error={fields.email} />
        <div>
          <PasswordInput label="Password" name="password" autoComplete="new-password" required withAsterisk={false} size="md" value={values.password} onChange={set("password")} error={fields.password} aria-describedby="password-rule" visibilityToggleIcon={PasswordEye} visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }} />
          <p id="password-rule" className={styles.rule}>
            <PasswordVerdict password={values.password} weakness={weakness} />
          </p>
        </div>
        <TextInput label="Setup code" name="token" autoComplete="off" spellCheck={false} required withAsterisk={false} size="md" placeholder={TOKEN_FORM} classNames={{ input: styles.code }} description="Printed in the terminal at the end of the setup link. Lost it? Restart the console and it prints a new one." inputWrapperOrder={["label", "input", "description", "error"]} value={values.token} onChange={set("token")} error={fields.token} />
        <FormProblem problem={problem} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          Create and continue
        </Button>
      </form>
    </div>
  );
}

function PasswordVerdict({ password, weakness }: { password: string; weakness: string | null }) {
  if (password === "") return <>At least 12 characters; a sentence is fine.</>;
  if (weakness) return <>{weakness}</>;
  return (
    <>
      <StatusIcon state="ok" size={13} /> {password.length} characters, not one of those tried first
    </>
  );
}

type Values = { name: string; email: string; password: string; token: string };

function useSetUp(token: string, onDone: () => void) {
  const client = useTRPCClient();
  const [values, setValues] = useState<Values>({ name: "", email: "", password: "", token });
  const [fields, setFields] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const set = (name: keyof Values) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setValues((before) => ({ ...before, [name]: value }));
  };
  const create = async (): Promise<void> => {
    await client.access.setUp.mutate(values);
    // The account exists from here on: when only signing in fails, the sign-in page is the place to go.
    await signIn(values).then(onDone, () => window.location.assign("/sign-in"));
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const weakness = passwordProblem(values.password, values.email);
    if (weakness) {
      setFields({ password: weakness });
      return;
    }
    setBusy(true);
    setProblem(null);
    setFields({});
    create()
      .catch((error: unknown) => {
        const described = describeError(error);
        setFields(described.fields);
        if (Object.keys(described.fields).length === 0) setProblem(described.message);
      })
      .finally(() => setBusy(false));
  };
  return { busy, problem, fields, values, set, onSubmit };
}
