"use client";
import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { CATEGORIES, CATEGORY_LABELS, GRADES, type Category, type Grade, type Risk } from "../../server/readiness/schema/index.ts";
import { FieldRow } from "../data/field-row.tsx";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const grades = GRADES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));
const areas = CATEGORIES.map((value) => ({ value, label: CATEGORY_LABELS[value] }));

type Values = { title: string; category: string; likelihood: string; impact: string; current: string; target: string; targetKind: string; mitigation: string; owner: string };

const emptyRisk = (risk: Risk | null): Values => ({ title: risk?.title ?? "", category: risk?.category ?? "reliability", likelihood: risk?.likelihood ?? "medium", impact: risk?.impact ?? "medium", current: risk?.current ?? "high", target: risk?.target ?? "low", targetKind: risk?.targetKind ?? "risk", mitigation: risk?.mitigation ?? "", owner: risk?.owner ?? "" });

function toInput(values: Values) {
  return { ...values, category: values.category as Category, likelihood: values.likelihood as Grade, impact: values.impact as Grade, current: values.current as Grade, target: values.target as Grade, targetKind: values.targetKind as Risk["targetKind"] };
}

/** Enters, changes or closes a risk. */
export function RiskForm({ risk, onClose }: { risk: Risk | null; onClose: () => void }) {
  const trpc = useTRPC();
  const quiet = { meta: { quiet: true } };
  const create = useMutation(trpc.readiness.createRisk.mutationOptions(quiet));
  const update = useMutation(trpc.readiness.updateRisk.mutationOptions(quiet));
  const done = (title: string) => {
    toast({ tone: "ok", title });
    onClose();
  };
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: emptyRisk(risk),
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.CreateRisk.omit({ previous: true })),
    toInput,
    send: async (input) => {
      if (risk) await update.mutateAsync({ ...input, risk: risk.id, revision: risk.revision });
      else await create.mutateAsync({ ...input, previous: input.current });
      done(risk ? "Risk changed" : "Risk entered");
    },
  });
  const close = async (): Promise<void> => {
    if (!risk) return;
    await update.mutateAsync({ risk: risk.id, revision: risk.revision, isClosed: true });
    done("Risk closed");
  };
  return (
    <Modal opened onClose={onClose} title={risk ? risk.title : "Enter a risk"}>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <TextInput label="Name" data-autofocus {...form.getInputProps("title")} />
        <FieldRow>
          <Select label="Area" data={areas} allowDeselect={false} {...form.getInputProps("category")} />
          <TextInput label="Owner" {...form.getInputProps("owner")} />
        </FieldRow>
        <FieldRow>
          <Select label="Likelihood" data={grades} allowDeselect={false} {...form.getInputProps("likelihood")} />
          <Select label="Impact" data={grades} allowDeselect={false} {...form.getInputProps("impact")} />
        </FieldRow>
        <FieldRow>
          <Select label="Scale" data={[{ value: "risk", label: "Risk: low is good" }, { value: "quality", label: "Quality: high is good" }]} allowDeselect={false} {...form.getInputProps("targetKind")} />
          <Select label="Is now" data={grades} allowDeselect={false} {...form.getInputProps("current")} />
          <Select label="Target" data={grades} allowDeselect={false} {...form.getInputProps("target")} />
        </FieldRow>
        <Textarea label="Mitigation" autosize minRows={2} {...form.getInputProps("mitigation")} />
        <FormEnd {...end} submit="Save" onCancel={onClose}>
          {risk ? (
            <Button variant="subtle" color="gray" mr="auto" loading={update.isPending} onClick={() => void close()}>
              Close the risk
            </Button>
          ) : null}
        </FormEnd>
      </form>
    </Modal>
  );
}
