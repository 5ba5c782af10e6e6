"use client";
import { Button, NumberInput, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Settings, SettingsState } from "../../server/settings/schema.ts";
import { FormMeanwhile, FormProblem } from "../data/form-problem.tsx";
import { plural } from "../data/format.ts";
import { Facts } from "../data/side-panel.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./settings.module.css";

const WINDOWS: readonly { name: "servicesRawDays" | "servicesMinuteDays" | "servicesHourDays" | "servicesDayDays"; label: string; min: number }[] = [
  { name: "servicesRawDays", label: "Single results", min: 1 },
  { name: "servicesMinuteDays", label: "Per minute", min: 1 },
  { name: "servicesHourDays", label: "Per hour", min: 7 },
  { name: "servicesDayDays", label: "Per day", min: 90 },
];

const QUEUES = [
  { name: "queuesSampleSeconds", label: "Looked at every", min: 5, max: 300, suffix: " s" },
  { name: "queuesCompletedHours", label: "Done jobs kept", min: 1, max: 720, suffix: " h" },
  { name: "queuesFailedHours", label: "Failed jobs kept", min: 1, max: 720, suffix: " h" },
  { name: "queuesDeadDays", label: "Dead letters kept", min: 1, max: 3650, suffix: " d" },
] as const;

type Values = Omit<Settings, "environmentLabel"> & { environmentLabel: string };

function changedOf(values: Values, before: Settings): Partial<Settings> {
  const next: Settings = { ...values, environmentLabel: values.environmentLabel.trim() || null };
  const names = (Object.keys(next) as (keyof Settings)[]).filter((name) => next[name] !== before[name]);
  return Object.fromEntries(names.map((name) => [name, next[name]]));
}

/** The settings as a form; only what was changed is sent, against the revision it was read at. */
export function SettingsForm({ state }: { state: SettingsState }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const { mutateAsync } = useMutation(trpc.settings.update.mutationOptions({ meta: { quiet: true } }));
  const { form, busy, problem, meanwhile, onSubmit } = useCheckedForm<Values, Parameters<typeof mutateAsync>[0]>({
    initial: { ...state.values, environmentLabel: state.values.environmentLabel ?? "" },
    saved: { revision: state.revision, by: state.updatedBy },
    schema: () => import("../../server/settings/schema.ts").then((module) => module.UpdateSettings),
    toInput: (values, revision) => ({ revision, values: changedOf(values, state.values) }),
    fieldOf: (path) => path.replace(/^values\./, ""),
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Settings saved" });
      await client.invalidateQueries(trpc.settings.pathFilter());
      router.refresh();
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <div className={styles.pair}>
        <TextInput label="Name" description="Stands beside the mark." {...form.getInputProps("instanceName")} />
        <TextInput label="Environment label" description={`Empty shows ${state.environment}.`} placeholder={state.environment} {...form.getInputProps("environmentLabel")} />
      </div>
      <TextInput label="Time zone" description="For pages and messages without a zone of their own, such as Europe/Berlin." {...form.getInputProps("timeZone")} />
      <fieldset className={styles.group}>
        <legend>Days that figures of services are kept</legend>
        <div className={styles.windows}>
          {WINDOWS.map((window) => (
            <NumberInput key={window.name} label={window.label} min={window.min} max={3650} allowDecimal={false} suffix=" d" {...form.getInputProps(window.name)} />
          ))}
        </div>
        <Shorter values={form.values} before={state.values} />
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Queues</legend>
        <div className={styles.windows}>
          {QUEUES.map(({ name, label, min, max, suffix }) => (
            <NumberInput key={name} label={label} min={min} max={max} allowDecimal={false} suffix={suffix} {...form.getInputProps(name)} />
          ))}
        </div>
      </fieldset>
      <NumberInput label="Audit entries" description="Days in the database; older ones move to sealed files in the data folder." min={30} max={3650} allowDecimal={false} suffix=" d" {...form.getInputProps("auditDays")} />
      <Switch
        label="Ready while something that is not essential is down"
        description="Whether /health/ready then answers 200."
        {...form.getInputProps("readyWhenDegraded", { type: "checkbox" })}
      />
      <FormMeanwhile meanwhile={meanwhile} />
      <FormProblem problem={problem} />
      <div className={styles.end}>
        <Button variant="default" disabled={!form.isDirty()} onClick={form.reset}>
          Undo
        </Button>
        <Button type="submit" disabled={!form.isDirty()} loading={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Says what a shorter window loses, before it is saved. */
function Shorter({ values, before }: { values: Values; before: Settings }) {
  const cut = WINDOWS.filter(({ name }) => values[name] < before[name]);
  if (cut.length === 0) return null;
  const words = cut.map(({ name, label }) => `${label.toLowerCase()} older than ${plural(values[name], "day")}`).join(", ");
  return (
    <p className={styles.warning}>
      <StatusIcon state="warn" /> Saving deletes figures {words}. They do not come back.
    </p>
  );
}

/** The same for those who may not change them. */
export function SettingsFacts({ state }: { state: SettingsState }) {
  return (
    <Facts
      rows={[
        ["Name", state.values.instanceName],
        ["Environment", state.environment],
        ["Time zone", state.values.timeZone],
        ...WINDOWS.map(({ name, label }) => [`Kept: ${label.toLowerCase()}`, plural(state.values[name], "day")] as const),
        ...QUEUES.map(({ name, label, suffix }) => [label, `${state.values[name]}${suffix}`] as const),
        ["Ready when degraded", state.values.readyWhenDegraded ? "yes" : "no"],
      ]}
    />
  );
}
