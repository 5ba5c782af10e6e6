"use client";
import { Anchor, Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useTRPCClient } from "../trpc/client.tsx";
import styles from "./auth.module.css";
import { readAddress } from "./first-address.ts";
import { STEPS } from "./setup-steps.tsx";

/** Step 3: the address of something the team runs, or nothing yet. */
export function FirstServiceForm() {
  const client = useTRPCClient();
  const addressInput = useRef<HTMLInputElement>(null);
  // The form before it is gone with the focus; whoever uses the keyboard goes on typing here.
  useEffect(() => addressInput.current?.focus(), []);
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const service = readAddress(text);
    setError(service ? null : "Enter an address such as https://shop.example/health.");
    setProblem(null);
    if (!service) return;
    setBusy(true);
    client.services.create
      .mutate(service)
      .then(({ slug }) => window.location.assign(`/services/${slug}`))
      .catch((failure: unknown) => {
        setProblem(describeError(failure).message);
        setBusy(false);
      });
  };
  return (
    <div className={styles.wide}>
      <header>
        <p className={styles.count}>Step 3 of {STEPS}</p>
        <h1 className={styles.title}>Watch your first service</h1>
        <p className={styles.lead}>You are signed in. Enter the address of something you run; its health endpoint is best, any page that answers will do.</p>
      </header>
      <form className={styles.card} onSubmit={onSubmit} noValidate>
        <TextInput ref={addressInput} label="Address" name="address" inputMode="url" autoComplete="off" size="md" placeholder="https://shop.example/health" description="Checked every 30 s from the next second on." inputWrapperOrder={["label", "input", "description", "error"]} value={text} onChange={(event) => setText(event.currentTarget.value)} error={error} />
        <FormProblem problem={problem} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          Watch it
        </Button>
        <Anchor href="/" size="sm" className={styles.skip}>
          Skip, and look around first
        </Anchor>
      </form>
    </div>
  );
}
