"use client";
import { Modal, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FieldRow } from "../data/field-row.tsx";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

/** Services that are offered at once; typing finds the others. */
const OFFERED = 20;
const TYPING_MS = 250;

/** Puts a score of the past into the history, of one service or of all together. */
export function StateForm({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, TYPING_MS);
  const { data: found } = useQuery(trpc.readiness.list.queryOptions({ search, limit: OFFERED, sort: "name" }, { placeholderData: keepPreviousData, meta: { quiet: true } }));
  const { mutateAsync } = useMutation(trpc.readiness.stateScore.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { service: null as string | null, score: "" as number | string, at: "", note: "" },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.StateScore),
    toInput: ({ service, score, at, note }) => ({ ...(service ? { id: service } : {}), score: score === "" ? Number.NaN : Number(score), at: new Date(`${at}T12:00:00Z`), note }),
    fieldOf: (path) => (path === "id" ? "service" : path),
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Score stated", message: "It stands in the history." });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="State a score of the past">
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <Select
          label="Of"
          placeholder="All services together"
          searchable
          clearable
          data={(found?.items ?? []).map(({ serviceId, name }) => ({ value: serviceId, label: name }))}
          filter={({ options }) => options}
          nothingFoundMessage="No service matches"
          searchValue={typed}
          onSearchChange={setTyped}
          {...form.getInputProps("service")}
        />
        <FieldRow>
          <NumberInput label="Score" min={0} max={100} allowDecimal={false} {...form.getInputProps("score")} />
          <TextInput label="Day" type="date" {...form.getInputProps("at")} />
        </FieldRow>
        <TextInput label="Where it comes from" placeholder="Review by hand in summer" {...form.getInputProps("note")} />
        <p className={styles.hint}>It is drawn with its note and changes no computed score.</p>
        <FormEnd {...end} submit="State" onCancel={onClose} />
      </form>
    </Modal>
  );
}
