"use client";
import { Button, Checkbox, Modal, MultiSelect, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { PRIORITIES, WORK_STATES, type Milestone, type Workstream } from "../../server/readiness/schema/index.ts";
import { FieldRow } from "../data/field-row.tsx";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import type { Editing } from "./plan-tab.tsx";
import styles from "./readiness.module.css";

const dayText = (date: Date | null | undefined): string => date?.toISOString().slice(0, 10) ?? "";
const dayOf = (text: string): Date | null => (text ? new Date(`${text}T00:00:00Z`) : null);
const QUIET = { meta: { quiet: true } };

/** Adds or changes a part of the plan. */
export function PlanForm({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const titles = { workstream: "Workstream", milestone: "Milestone", deferred: "Put something off" };
  const done = (title: string) => {
    toast({ tone: "ok", title });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={titles[editing.kind]}>
      {editing.kind === "workstream" ? <WorkstreamForm row={editing.row} onClose={onClose} onDone={done} /> : null}
      {editing.kind === "milestone" ? <MilestoneForm row={editing.row} onClose={onClose} onDone={done} /> : null}
      {editing.kind === "deferred" ? <DeferredForm onClose={onClose} onDone={done} /> : null}
    </Modal>
  );
}

type FormProps<Row> = { row: Row | null; onClose: () => void; onDone: (title: string) => void };

function RemoveButton({ onRemove }: { onRemove: () => void }) {
  return (
    <Button variant="subtle" color="red" mr="auto" onClick={onRemove}>
      Remove
    </Button>
  );
}

function WorkstreamForm({ row, onClose, onDone }: FormProps<Workstream>) {
  const trpc = useTRPC();
  const { data: rules } = useQuery(trpc.readiness.rules.queryOptions({}));
  const create = useMutation(trpc.readiness.createWorkstream.mutationOptions(QUIET));
  const update = useMutation(trpc.readiness.updateWorkstream.mutationOptions(QUIET));
  const remove = useMutation(trpc.readiness.removeWorkstream.mutationOptions());
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { name: row?.name ?? "", priority: row?.priority ?? "P1", state: row?.state ?? "planned", owner: row?.owner ?? "", phase: row?.phase ?? "", endsOn: dayText(row?.endsOn), rules: row?.rules ?? [], note: row?.note ?? "" },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.CreateWorkstream),
    toInput: (values) => ({ ...values, priority: values.priority as Workstream["priority"], state: values.state as Workstream["state"], endsOn: dayOf(values.endsOn) }),
    send: async (input) => {
      if (row) await update.mutateAsync({ ...input, workstream: row.id, revision: row.revision });
      else await create.mutateAsync(input);
      onDone(row ? "Workstream changed" : "Workstream added");
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
      <FieldRow>
        <Select label="Priority" data={[...PRIORITIES]} allowDeselect={false} {...form.getInputProps("priority")} />
        <Select label="State" data={[...WORK_STATES]} allowDeselect={false} {...form.getInputProps("state")} />
      </FieldRow>
      <FieldRow>
        <TextInput label="Owner" {...form.getInputProps("owner")} />
        <TextInput label="Phase" {...form.getInputProps("phase")} />
        <TextInput label="Until" type="date" {...form.getInputProps("endsOn")} />
      </FieldRow>
      <MultiSelect label="Rules that measure it" searchable data={(rules?.items ?? []).map((rule) => ({ value: rule.rule, label: rule.title }))} {...form.getInputProps("rules")} />
      <Textarea label="Note" autosize minRows={2} {...form.getInputProps("note")} />
      <FormEnd {...end} submit="Save" onCancel={onClose}>
        {row ? <RemoveButton onRemove={() => remove.mutate({ workstream: row.id }, { onSuccess: () => onDone("Workstream removed") })} /> : null}
      </FormEnd>
    </form>
  );
}

function MilestoneForm({ row, onClose, onDone }: FormProps<Milestone>) {
  const trpc = useTRPC();
  const create = useMutation(trpc.readiness.createMilestone.mutationOptions(QUIET));
  const update = useMutation(trpc.readiness.updateMilestone.mutationOptions(QUIET));
  const remove = useMutation(trpc.readiness.removeMilestone.mutationOptions());
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { name: row?.name ?? "", dueOn: dayText(row?.dueOn), goal: row?.goal ?? 85, isDone: row?.isDone ?? false },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.CreateMilestone),
    toInput: (values) => ({ ...values, goal: Number(values.goal), dueOn: dayOf(values.dueOn) ?? new Date(Number.NaN) }),
    send: async (input) => {
      if (row) await update.mutateAsync({ ...input, milestone: row.id, revision: row.revision });
      else await create.mutateAsync(input);
      onDone(row ? "Milestone changed" : "Milestone added");
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
      <FieldRow>
        <NumberInput label="Score to reach" min={0} max={100} {...form.getInputProps("goal")} />
        <TextInput label="By" type="date" {...form.getInputProps("dueOn")} />
      </FieldRow>
      <Checkbox label="Said to be done" {...form.getInputProps("isDone", { type: "checkbox" })} />
      <FormEnd {...end} submit="Save" onCancel={onClose}>
        {row ? <RemoveButton onRemove={() => remove.mutate({ milestone: row.id }, { onSuccess: () => onDone("Milestone removed") })} /> : null}
      </FormEnd>
    </form>
  );
}

function DeferredForm({ onClose, onDone }: { onClose: () => void; onDone: (title: string) => void }) {
  const trpc = useTRPC();
  const create = useMutation(trpc.readiness.createDeferred.mutationOptions(QUIET));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { title: "", reason: "", phase: "", lookAgainOn: "" },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.CreateDeferred),
    toInput: (values) => ({ ...values, lookAgainOn: dayOf(values.lookAgainOn) }),
    send: async (input) => {
      await create.mutateAsync(input);
      onDone("Put off");
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <TextInput label="What" data-autofocus {...form.getInputProps("title")} />
      <Textarea label="Why it can wait" autosize minRows={2} {...form.getInputProps("reason")} />
      <FieldRow>
        <TextInput label="Phase" {...form.getInputProps("phase")} />
        <TextInput label="Look again" type="date" {...form.getInputProps("lookAgainOn")} />
      </FieldRow>
      <FormEnd {...end} submit="Save" onCancel={onClose} />
    </form>
  );
}
