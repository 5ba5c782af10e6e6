"use client";
import { Button, Checkbox, NumberInput, SegmentedControl, Select, TagsInput, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CoverageDetail } from "../../server/coverage/schema/index.ts";
import { FormEnd } from "../data/form-end.tsx";
import { QuietIcon } from "../data/quiet-icon.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { FlagFields } from "./flag-fields.tsx";
import { gateFieldOf, gateValues, toPolicyInput, type GateForm as Form } from "./gate-values.ts";
import { LevelsGrid } from "./levels-grid.tsx";
import { MEASURE_WORDS, ORDER } from "./words.ts";
import styles from "./coverage.module.css";

const FAIL_BELOW = [
  { value: "block", label: "Block" },
  { value: "warn", label: "Warn" },
  { value: "target", label: "Target" },
];

/** Changes the gate; the newest commit is judged by it at once. */
export function GateForm({ detail }: { detail: CoverageDetail }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { mutateAsync } = useMutation(trpc.coverage.setPolicy.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: gateValues(detail.policy),
    saved: { revision: detail.policy.revision, by: detail.policy.updatedBy },
    schema: () => import("../../server/coverage/schema/index.ts").then((module) => module.SetPolicy),
    toInput: (values, revision) => toPolicyInput(values, { service: detail.slug, policy: { ...detail.policy, revision } }),
    fieldOf: gateFieldOf,
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Gate saved", message: "The newest commit was judged by it." });
      await client.invalidateQueries(trpc.coverage.pathFilter());
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <LevelsGrid form={form} at="levels" />
      <FlagFields form={form} known={detail.latest?.flagRows.map(({ flag }) => flag) ?? []} />
      <div className={styles.pair}>
        <NumberInput label="Largest fall" description="Points that lines may lose; empty for any." min={0} max={100} decimalScale={2} {...form.getInputProps("maxDrop")} />
        <NumberInput label="Lines of a change" description="Least percent of added lines; empty to leave them alone." min={0} max={100} {...form.getInputProps("patch")} />
      </div>
      <div>
        <span className={styles.quiet}>The gate fails below</span>
        <SegmentedControl fullWidth aria-label="The gate fails below" data={FAIL_BELOW} transitionDuration={0} {...form.getInputProps("failBelow")} />
      </div>
      <Checkbox label="Only report, never fail" {...form.getInputProps("isInformational", { type: "checkbox" })} />
      <FloorFields form={form} />
      <div className={styles.pair}>
        <TextInput label="Default branch" description="Where the trend and the score look." {...form.getInputProps("defaultBranch")} />
        <TagsInput label="Expected flags" description="Without one of them a commit is incomplete." placeholder="unit" {...form.getInputProps("expectedFlags")} />
      </div>
      <TextInput label="Address of sources" description="With {commit} and {path}; made from the repository's address when empty." placeholder="https://git.example/raw/{commit}/{path}" {...form.getInputProps("sourceUrl")} />
      <Checkbox label="Show the badge to everybody" description="Without a key, anybody may read the figure of this service." {...form.getInputProps("isBadgePublic", { type: "checkbox" })} />
      <FormEnd {...end} submit="Save gate" undo={form} />
    </form>
  );
}

function FloorFields({ form }: { form: Form }) {
  const measures = ORDER.map((measure) => ({ value: measure, label: MEASURE_WORDS[measure] }));
  return (
    <fieldset className={styles.group}>
      <legend className={styles.quiet}>
        Floors of files: the last pattern that matches a file decides
      </legend>
      {form.values.floors.map((_, index) => (
        // Floors have no name of their own.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles.floor}>
          <TextInput aria-label={`Pattern ${index + 1}`} placeholder="src/cache/**" {...form.getInputProps(`floors.${index}.glob`)} />
          <Select aria-label={`Measure ${index + 1}`} data={measures} allowDeselect={false} {...form.getInputProps(`floors.${index}.measure`)} />
          <NumberInput aria-label={`Percent ${index + 1}`} min={0} max={100} {...form.getInputProps(`floors.${index}.percent`)} />
          <QuietIcon label={`Remove pattern ${index + 1}`} onClick={() => form.removeListItem("floors", index)}>
            <IconTrash size={16} aria-hidden />
          </QuietIcon>
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => form.insertListItem("floors", { glob: "", measure: "lines", percent: 80 })}>
          Add a floor
        </Button>
      </div>
    </fieldset>
  );
}
