"use client";
import { Modal, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { WindowName } from "../../server/limits/schema.ts";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { WINDOW_LABELS } from "./words.ts";
import styles from "./limits.module.css";

const KINDS = [
  { value: "figure", label: "A figure of its own" },
  { value: "exempt", label: "Never refused" },
];
/** The windows that count users and keys. */
const WINDOWS = (["read-user", "api-user", "write", "upload", "upload-hour", "status"] as const).map((value) => ({ value, label: value === "api-user" ? "API" : WINDOW_LABELS[value] }));
const FIRST_FIGURE = 100;

type Values = { caller: string; window: string; max: number | string; reason: string };

/** Gives a user or key a figure of its own, or exempts a key. */
export function AddException({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add exception">
      {opened ? <AddForm onClose={onClose} /> : null}
    </Modal>
  );
}

function AddForm({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const options = { meta: { quiet: true } };
  const setOverride = useMutation(trpc.limits.setOverride.mutationOptions(options));
  const exemptKey = useMutation(trpc.limits.exemptKey.mutationOptions(options));
  const [kind, setKind] = useState("figure");
  const isExempt = kind === "exempt";
  const { form, onSubmit, ...end } = useCheckedForm<Values, Values>({
    initial: { caller: "", window: "read-user", max: FIRST_FIGURE, reason: "" },
    schema: async () => {
      const { SetExemption, SetOverride } = await import("../../server/limits/schema.ts");
      return isExempt ? SetExemption : SetOverride;
    },
    toInput: (values) => Object.assign({ ...values, caller: values.caller.trim() }, { keyId: values.caller.trim() }),
    fieldOf: (path) => (path === "keyId" ? "caller" : path),
    send: async ({ caller, window, max, reason }) => {
      if (isExempt) await exemptKey.mutateAsync({ keyId: caller, reason });
      else await setOverride.mutateAsync({ caller, window: window as WindowName, max: Number(max), reason });
      toast({ tone: "ok", title: "Exception added", message: "Every process follows within seconds." });
      await client.invalidateQueries(trpc.limits.pathFilter());
      onClose();
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <SegmentedControl aria-label="Kind of exception" data={KINDS} transitionDuration={0} value={kind} onChange={setKind} />
      <TextInput label={isExempt ? "Id of the API key" : "Id of the user or API key"} description="As in Access or in the list of consumers: key_… or usr_…" autoComplete="off" spellCheck={false} required data-autofocus {...form.getInputProps("caller")} />
      {isExempt ? null : (
        <div className={styles.pair}>
          <Select label="Limit" data={WINDOWS} allowDeselect={false} comboboxProps={{ transitionProps: { duration: 0 } }} {...form.getInputProps("window")} />
          <NumberInput label="Calls allowed" min={1} max={1_000_000} allowDecimal={false} {...form.getInputProps("max")} />
        </div>
      )}
      <TextInput label="Why" description="Stands in the audit log and beside the exception." required {...form.getInputProps("reason")} />
      <FormEnd {...end} submit="Add exception" onCancel={onClose} />
    </form>
  );
}
