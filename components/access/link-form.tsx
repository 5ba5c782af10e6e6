"use client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { passwordProblem } from "../../server/access/schema/password-rule.ts";
import type { OpenedLink } from "../../server/access/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useTRPCClient } from "../trpc/client.tsx";
import { signIn } from "./auth-calls.ts";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";
import { PasswordEye } from "./password-eye.tsx";

type LinkFormProps = { token: string; link: OpenedLink; title: string };

/** Sets the password (and, for an invitation, the name) and signs in. */
export function LinkForm({ token, link, title }: LinkFormProps) {
  const isInvitation = link.kind === "invitation";
  const { name, setName, password, setPassword, fields, problem, busy, onSubmit } = useLinkForm(token, link);
  return (
    <div className={styles.narrow}>
      <Brand />
      <form method="post" className={styles.card} onSubmit={onSubmit}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.lead}>{link.email}</p>
        </div>
        <input type="hidden" name="username" autoComplete="username" value={link.email} readOnly />
        {isInvitation ? <TextInput label="Your name" name="name" autoComplete="name" required withAsterisk={false} maxLength={80} size="md" value={name} onChange={(event) => setName(event.currentTarget.value)} error={fields.name} /> : null}
        <PasswordInput
          label={isInvitation ? "Password" : "New password"}
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          size="md"
          description={isInvitation ? "At least 12 characters; a sentence is fine." : "At least 12 characters; a sentence is fine. Your sessions end everywhere."}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fields.password}
          visibilityToggleIcon={PasswordEye}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
        />
        <FormProblem problem={problem} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {isInvitation ? "Accept and sign in" : "Set password and sign in"}
        </Button>
      </form>
    </div>
  );
}

function useLinkForm(token: string, link: OpenedLink) {
  const client = useTRPCClient();
  const [name, setName] = useState(link.name === link.email ? "" : link.name);
  const [password, setPassword] = useState("");
  const [fields, setFields] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const use = async (): Promise<void> => {
    if (link.kind === "invitation") await client.access.acceptInvitation.mutate({ token, name, password });
    else await client.access.resetPasswordByLink.mutate({ token, password });
    // The password is set from here on: when signing in needs more, the sign-in page is the place to go.
    await signIn({ email: link.email, password }).then(
      () => window.location.assign("/"),
      () => window.location.assign("/sign-in"),
    );
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const weakness = passwordProblem(password, link.email);
    setFields(weakness ? { password: weakness } : {});
    setProblem(null);
    if (weakness || busy) return;
    setBusy(true);
    use().catch((error: unknown) => {
      const described = describeError(error);
      setFields(described.fields);
      if (Object.keys(described.fields).length === 0) setProblem(described.message);
      setBusy(false);
    });
  };
  return { name, setName, password, setPassword, fields, problem, busy, onSubmit };
}
