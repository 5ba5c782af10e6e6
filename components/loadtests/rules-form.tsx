"use client";
import { NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RulesState } from "../../server/loadtests/schema.ts";
import { FieldRow } from "../data/field-row.tsx";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { rulesFieldOf, rulesInput, rulesValues } from "./rules-values.ts";
import styles from "./loadtests.module.css";

/** Changes how the runs of a service are judged from now on. */
export function RulesForm({ service, state, onClose }: { service: string; state: RulesState; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { mutateAsync } = useMutation(trpc.loadtests.updateRules.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: rulesValues(state.rules),
    saved: { revision: state.revision, by: state.updatedBy },
    schema: () => import("../../server/loadtests/schema.ts").then((module) => module.UpdateRules),
    toInput: (values, revision) => ({ service, revision, rules: rulesInput(values) }),
    fieldOf: rulesFieldOf,
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Rules saved", message: "They judge from the next run on; comparisons follow them at once." });
      await client.invalidateQueries(trpc.loadtests.pathFilter());
      onClose();
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <h3 className={styles.part}>A run passes</h3>
      <p className={styles.sub}>Where the script sets no threshold of its own.</p>
      <FieldRow>
        <NumberInput label="Failed requests" description="At most this share." suffix=" %" min={0} max={100} decimalScale={3} {...form.getInputProps("maxErrorPercent")} />
        <NumberInput label="p95" description="At most this long." suffix=" ms" min={1} max={600_000} {...form.getInputProps("maxP95Ms")} />
      </FieldRow>
      <h3 className={styles.part}>A run is worse than its baseline</h3>
      <p className={styles.sub}>When it is slower by more than both, or fails more.</p>
      <FieldRow>
        <NumberInput label="Slower by more than" description="Of the baseline." suffix=" %" min={0} max={1_000} decimalScale={2} {...form.getInputProps("relativePercent")} />
        <NumberInput label="And by more than" description="What nobody minds." suffix=" ms" min={0} max={60_000} {...form.getInputProps("absoluteMs")} />
        <NumberInput label="Least requests" description="With fewer, p50 decides." min={1} max={1_000_000} {...form.getInputProps("leastSamples")} />
      </FieldRow>
      <FormEnd {...end} submit="Save rules" disabled={!form.isDirty()} onCancel={onClose} />
    </form>
  );
}
