"use client";
import { Button, NumberInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { FieldRow } from "../data/field-row.tsx";
import { Fold } from "../data/fold.tsx";
import { QuietIcon } from "../data/quiet-icon.tsx";
import type { PlanValues } from "./plan-values.ts";
import { minutesInWords } from "./words.ts";
import styles from "./backups.module.css";

const CALENDARS = [
  { value: "0 4 * * 1#1", label: "First Monday of each month" },
  { value: "0 4 * * 1", label: "Every Monday" },
  { value: "0 4 * * *", label: "Every day" },
  { value: "", label: "Not by the calendar" },
];
const MOMENTS = [
  { value: "before", label: "Before a run" },
  { value: "after", label: "After a backup" },
  { value: "failed", label: "When a run failed" },
];
const ENGINES = [
  { value: "auto", label: "What fits, said on each run" },
  { value: "pg-dump", label: "pg_dump of this machine" },
  { value: "portable", label: "Portable, needs nothing installed" },
  { value: "physical", label: "Physical, the files of the whole cluster" },
];

type Form = UseFormReturnType<PlanValues>;

/** Minutes as people say them; an emptied field holds no number. */
const inWords = (minutes: number | string): string => (Number(minutes) > 0 ? minutesInWords(Number(minutes)) : "none yet");

/** When a backup is proven, and what must be true in the restored copy. */
export function ProofFields({ form }: { form: Form }) {
  const { drillCron } = form.values;
  const calendars = CALENDARS.some(({ value }) => value === drillCron) ? CALENDARS : [...CALENDARS, { value: drillCron, label: drillCron }];
  return (
    <>
      <FieldRow>
        <NumberInput label="Data at risk, at most (minutes)" description={`The age that the newest backup may reach: ${inWords(form.values.rpoMinutes)}`} min={1} {...form.getInputProps("rpoMinutes")} />
        <NumberInput label="Restore time, at most (minutes)" description={`Held against what drills measure: ${inWords(form.values.rtoMinutes)}`} min={1} {...form.getInputProps("rtoMinutes")} />
      </FieldRow>
      <FieldRow>
        <Select label="Drill by the calendar" description="In the time zone of the plan" data={calendars} allowDeselect={false} {...form.getInputProps("drillCron")} />
        <NumberInput label="And after every n-th backup" description="The first is always drilled; empty: never" min={1} {...form.getInputProps("drillEveryNth")} />
      </FieldRow>
      {form.values.kind === "folder" || form.values.kind === "bucket" ? null : (
        <>
          <TextInput
            label="Drill server"
            description="Optional. Empty: a PostgreSQL of its own, started for each drill and destroyed after it. A server named here must not be the source; its user needs CREATEDB and CREATEROLE."
            placeholder="postgresql://drill:password@drills.example:5432/postgres"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps("drillServerUrl")}
          />
          <Assertions form={form} />
        </>
      )}
    </>
  );
}

function Assertions({ form }: { form: Form }) {
  return (
    <div className={styles.form} role="group" aria-label="Questions to the restored copy">
      {form.values.assertions.map((_one, index) => (
        // Questions have no identity but their place.
        <div key={index} className={styles.assertion}>
          <TextInput aria-label={`Name of question ${index + 1}`} placeholder="Orders of today are there" {...form.getInputProps(`assertions.${index}.name`)} />
          <TextInput aria-label={`SQL of question ${index + 1}`} placeholder="SELECT max(at) > now() - interval '1 day' FROM orders" {...form.getInputProps(`assertions.${index}.sql`)} />
          <QuietIcon size="lg" label={`Remove question ${index + 1}`} onClick={() => form.removeListItem("assertions", index)}>
            <IconX size={16} aria-hidden />
          </QuietIcon>
        </div>
      ))}
      <span>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => form.insertListItem("assertions", { name: "", sql: "" })}>
          Add a question that must return true
        </Button>
      </span>
    </div>
  );
}

/** Encryption, engine, calls to other systems and what counts as normal. */
export function MoreFields({ form }: { form: Form }) {
  const isDatabase = form.values.kind === "self" || form.values.kind === "postgres";
  return (
    <Fold label="Encryption, engine, calls, expectations" errors={Object.keys(form.errors).some((path) => path.startsWith("hooks") || ["expectedMegabytes", "hashFullMegabytes"].includes(path))}>
      <Switch label="Encrypt with AES-256-GCM" description="Without it, whoever reads the store reads the data" checked={form.values.isEncrypted} onChange={(event) => form.setFieldValue("isEncrypted", event.currentTarget.checked)} />
      {isDatabase ? <Select label="Engine" description="Physical is never chosen by itself: it needs the right to replicate, and restores whole, by the command line, on the same version" data={ENGINES} allowDeselect={false} {...form.getInputProps("engine")} /> : null}
      <NumberInput label="Expected size (MiB)" description="Optional. A backup 20 % off is suspect, until enough backups make a median." min={0} {...form.getInputProps("expectedMegabytes")} />
      {isDatabase ? <NumberInput label="Hash every row of tables up to (MiB)" description="Of larger ones every 64th row. Drills compare hashes of rows; counts are compared of all." min={0} {...form.getInputProps("hashFullMegabytes")} /> : null}
      {isDatabase ? <TagsInput label="Tables whose rows come and go" description="Globs such as queue.*; their losses are not suspicious" {...form.getInputProps("volatileTables")} /> : null}
      <Hooks form={form} />
    </Fold>
  );
}

function Hooks({ form }: { form: Form }) {
  return (
    <div className={styles.form} role="group" aria-label="Calls to other systems">
      {form.values.hooks.map((hook, index) => (
        <div key={index} className={styles.assertion}>
          <Select aria-label={`Moment of call ${index + 1}`} data={MOMENTS} allowDeselect={false} {...form.getInputProps(`hooks.${index}.when`)} />
          <TextInput aria-label={`Address of call ${index + 1}`} placeholder="https://hooks.example/backup" {...form.getInputProps(`hooks.${index}.url`)} error={form.errors[`hooks.${index}.url`] ?? form.errors.hooks} />
          <span className={styles.inline}>
            {hook.when === "before" ? <Switch size="xs" label="Must succeed" checked={hook.mustSucceed} onChange={(event) => form.setFieldValue(`hooks.${index}.mustSucceed`, event.currentTarget.checked)} /> : null}
            <QuietIcon size="lg" label={`Remove call ${index + 1}`} onClick={() => form.removeListItem("hooks", index)}>
              <IconX size={16} aria-hidden />
            </QuietIcon>
          </span>
        </div>
      ))}
      <span>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => form.insertListItem("hooks", { when: "after", url: "", mustSucceed: false })}>
          Add a call to another system
        </Button>
      </span>
    </div>
  );
}
