"use client";
import { Button, Checkbox, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { MODULES } from "../../server/modules.ts";
import { CodeBlock } from "../data/code.tsx";
import { describeError } from "../data/describe-error.ts";
import { useTRPC } from "../trpc/client.tsx";
import { SecretOnce } from "./secret-once.tsx";
import styles from "./access.module.css";

type Level = "none" | "read" | "write";
type Lifetime = 30 | 90 | 365 | null;

const LEVELS = [
  { value: "none", label: "Nothing" },
  { value: "read", label: "Read" },
  { value: "write", label: "Write" },
];
const LIFETIMES: { value: string; label: string; days: Lifetime }[] = [
  { value: "30", label: "30 days", days: 30 },
  { value: "90", label: "90 days", days: 90 },
  { value: "365", label: "1 year", days: 365 },
  { value: "never", label: "No end", days: null },
];
const DEFAULT_LIFETIME = "90";

type Made = { plainKey: string; scopes: string[] };

/** A path that a key with these scopes may read: the snippet must work as it stands. */
function firstPath(scopes: readonly string[]): string {
  const module = scopes[0]?.split(":")[0] ?? "access";
  return module === "*" || module === "access" ? "/access/me" : `/${module}`;
}

/** Creates a key for oneself; the key's text is shown once. */
export function CreateKeyDialog({ opened, onClose, address }: { opened: boolean; onClose: () => void; address: string }) {
  const [made, setMade] = useState<Made | null>(null);
  const plainKey = made?.plainKey;
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={plainKey ? "Key created" : "Create API key"} closeOnClickOutside={!plainKey}>
      {made && plainKey ? (
        <div className={styles.form}>
          <SecretOnce label="The key" secret={plainKey} note="is shown only now. Put it where your scripts find their secrets." onDone={close} />
          <CodeBlock label="Try it" code={`curl -H "Authorization: Bearer ${plainKey}" ${address}/api/v1${firstPath(made.scopes)}`} copy />
        </div>
      ) : (
        <CreateKeyForm onCancel={close} onMade={setMade} />
      )}
    </Modal>
  );
}

function scopesOf(isEverything: boolean, levels: Record<string, Level>): string[] {
  if (isEverything) return ["*"];
  return Object.entries(levels).flatMap(([module, level]) => (level === "none" ? [] : [`${module}:${level}`]));
}

function CreateKeyForm({ onCancel, onMade }: { onCancel: () => void; onMade: (made: Made) => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [isEverything, setEverything] = useState(false);
  const [levels, setLevels] = useState<Record<string, Level>>({ services: "read" });
  const [lifetime, setLifetime] = useState(DEFAULT_LIFETIME);
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "" } });
  const scopes = scopesOf(isEverything, levels);
  const create = useMutation(
    trpc.access.createKey.mutationOptions({
      meta: { quiet: true },
      onSuccess: async (result) => {
        onMade({ plainKey: result.plainKey, scopes });
        await client.invalidateQueries(trpc.access.pathFilter());
      },
      onError: (error) => form.setErrors({ name: describeError(error).message }),
    }),
  );
  const expiresInDays = LIFETIMES.find((entry) => entry.value === lifetime)?.days ?? null;
  return (
    <form className={styles.form} onSubmit={form.onSubmit(({ name }) => create.mutate({ name, scopes, expiresInDays }))}>
      <TextInput label="Name" description="What will use it: ci-northpier, grafana." required data-autofocus autoComplete="off" key={form.key("name")} {...form.getInputProps("name")} />
      <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
        <legend style={{ fontWeight: 500, padding: 0, marginBottom: 6 }}>What it may do</legend>
        <Checkbox label="Everything its owner may do" checked={isEverything} onChange={(event) => setEverything(event.currentTarget.checked)} mb={8} />
        {isEverything ? null : <ScopeLevels levels={levels} onChange={setLevels} />}
      </fieldset>
      <div>
        <span style={{ display: "block", fontWeight: 500, marginBottom: 4 }}>Ends after</span>
        <SegmentedControl aria-label="Ends after" size="xs" data={LIFETIMES.map(({ value, label }) => ({ value, label }))} value={lifetime} onChange={setLifetime} transitionDuration={0} />
      </div>
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
          Create key
        </Button>
      </div>
    </form>
  );
}

function ScopeLevels({ levels, onChange }: { levels: Record<string, Level>; onChange: (next: Record<string, Level>) => void }) {
  return (
    <div className={styles.choices}>
      {MODULES.map((module) => (
        <div key={module} className={styles.filters}>
          <code style={{ width: 80 }}>{module}</code>
          <SegmentedControl
            aria-label={`Scope of ${module}`}
            size="xs"
            data={LEVELS}
            value={levels[module] ?? "none"}
            onChange={(level) => onChange({ ...levels, [module]: level as Level })}
            transitionDuration={0}
          />
        </div>
      ))}
    </div>
  );
}
