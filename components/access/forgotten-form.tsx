"use client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { useTRPCClient } from "../trpc/client.tsx";
import { Brand } from "./auth-frame.tsx";
import { ForgottenHint } from "./forgotten-hint.tsx";
import styles from "./auth.module.css";

/** Asks for a link to a new password. What it says afterwards is the same whether there is an account or not. */
export function ForgottenForm({ sendsMail }: { sendsMail: boolean }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <div className={styles.narrow}>
      <Brand />
      <div className={styles.card}>
        <h1 className={styles.title}>Forgotten password</h1>
        {!sendsMail ? <ForgottenHint /> : isAsked ? <Asked /> : <AskForm onAsked={() => setAsked(true)} />}
        <Button component="a" href="/sign-in" variant="default" size="md" fullWidth>
          To sign-in
        </Button>
      </div>
    </div>
  );
}

function Asked() {
  return (
    <p className={styles.lead} role="status">
      If this address has an account with a password, a link is on its way to it. It is good for one hour and works once. Nothing came? Look among unwanted mail, or ask an administrator.
    </p>
  );
}

function AskForm({ onAsked }: { onAsked: () => void }) {
  const client = useTRPCClient();
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: { email: "" },
    schema: async () => (await import("../../server/access/schema.ts")).ForgottenPassword,
    toInput: (values) => values,
    send: async (input) => {
      await client.access.requestPasswordLink.mutate(input);
      onAsked();
    },
  });
  return (
    <form method="post" className={styles.stack} onSubmit={onSubmit}>
      <p className={styles.lead}>We mail you a link by which you choose a new one.</p>
      <TextInput label="Email" name="email" type="email" autoComplete="username" required withAsterisk={false} size="md" {...form.getInputProps("email")} />
      <FormProblem problem={problem} />
      <Button type="submit" size="md" fullWidth loading={busy}>
        Send the link
      </Button>
    </form>
  );
}
