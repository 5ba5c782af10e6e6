"use client";
import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fragment } from "react";
import { CATEGORIES, CATEGORY_LABELS, DEFAULT_WEIGHTS, MAX_WEIGHT, type Policy, type Weights } from "../../server/readiness/schema/index.ts";
import { FormEnd } from "../data/form-end.tsx";
import { formatNumber } from "../data/format.ts";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { shareOf, type WeightValues } from "./weights.ts";
import styles from "./readiness.module.css";

type Values = { goal: number | string; weights: WeightValues };

const figure = (value: number | string): number => (value === "" ? Number.NaN : Number(value));

/** Changes how much each area weighs and which score is to be reached; everything is judged again. */
export function PolicyForm({ policy }: { policy: Policy }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { mutateAsync } = useMutation(trpc.readiness.updatePolicy.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm<Values, Parameters<typeof mutateAsync>[0]>({
    initial: { goal: policy.goal, weights: policy.weights },
    saved: { revision: policy.revision, by: policy.updatedBy },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.UpdatePolicy),
    toInput: (values, revision) => ({ revision, goal: figure(values.goal), weights: Object.fromEntries(CATEGORIES.map((area) => [area, figure(values.weights[area])])) as Weights }),
    // No single area is wrong when all weigh nothing: it is shown at the first.
    fieldOf: (path) => (path === "weights" ? `weights.${CATEGORIES[0]}` : path),
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Scoring changed", message: "Every service is judged again by it." });
      await client.invalidateQueries(trpc.readiness.pathFilter());
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <NumberInput label="Goal" description="The score that every service is to reach." min={0} max={100} maw={240} {...form.getInputProps("goal")} />
      <div className={styles.weights}>
        <span>Area</span>
        <span>Weight</span>
        <span>Of 100 points</span>
        {CATEGORIES.map((area) => (
          <Fragment key={area}>
            <b>{CATEGORY_LABELS[area]}</b>
            <NumberInput aria-label={`Weight of ${CATEGORY_LABELS[area]}`} min={0} max={MAX_WEIGHT} {...form.getInputProps(`weights.${area}`)} />
            <output className={styles.points}>{formatNumber(shareOf(form.values.weights, area), 1)}</output>
          </Fragment>
        ))}
      </div>
      <p className={styles.hint}>An area that weighs nothing is left out. Where no rule of an area applies to a service, the others share its points.</p>
      <FormEnd {...end} submit="Save scoring" undo={form}>
        <Button variant="default" mr="auto" onClick={() => form.setFieldValue("weights", DEFAULT_WEIGHTS)}>
          Usual weights
        </Button>
      </FormEnd>
    </form>
  );
}
