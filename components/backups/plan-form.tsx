"use client";
import { Button, MultiSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { ReactNode } from "react";
import { defaultRetention } from "../../server/backups/schema/retention-policy.ts";
import type { Preflight, StoreRow } from "../../server/backups/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FormEnd } from "../data/form-end.tsx";
import { FormProblem } from "../data/form-problem.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import type { Saved } from "../data/use-follow-saved.ts";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { planField, toPlanInput, toSource, type PlanValues } from "./plan-values.ts";
import { MoreFields, ProofFields } from "./proof-fields.tsx";
import { RetentionFields } from "./retention-fields.tsx";
import { ScheduleField } from "./schedule-field.tsx";
import { ServiceField } from "./service-field.tsx";
import { SourceFields } from "./source-fields.tsx";
import styles from "./backups.module.css";

interface PlanFormProps {
  initial: PlanValues;
  /** Of an existing plan. */
  saved?: Saved;
  /** An existing plan: its masked secrets are used and its catalogue is previewed. */
  planId: string | null;
  saveLabel: string;
  save: (input: ReturnType<typeof toPlanInput>, revision: number) => Promise<unknown>;
  cancel: ReactNode;
}

/** A plan in four parts: what, when, where and for how long, and how it is proven. */
export function PlanForm({ initial, saved, planId, saveLabel, save, cancel }: PlanFormProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.backups.stores.queryOptions({}));
  const check = useMutation(trpc.backups.checkPlan.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial,
    saved,
    schema: () => import("../../server/backups/schema.ts").then((module) => module.CreatePlan),
    toInput: toPlanInput,
    fieldOf: planField,
    send: save,
  });
  const { values } = form;
  return (
    <form className={styles.narrow} onSubmit={onSubmit} noValidate>
      <Card title="What">
        <div className={styles.form}>
          <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
          <ServiceField service={values.service} isOwn={values.kind === "self"} error={form.errors.service} onChange={(service) => form.setFieldValue("service", service)} />
          <SourceFields form={form} isFixed={planId !== null && values.kind === "self"} />
          <span className={styles.inline}>
            <Button variant="default" size="xs" loading={check.isPending} onClick={() => check.mutate({ planId: planId ?? undefined, source: toSource(values), engine: values.engine, storeIds: values.storeIds, drillServerUrl: toPlanInput(values).drillServerUrl })}>
              Try it
            </Button>
            <span className={styles.quiet}>Reachability, rights, version, room in the stores, clocks</span>
          </span>
          <Findings report={check.data} problem={check.error ? describeError(check.error).message : null} />
        </div>
      </Card>
      <Card title="When">
        <div className={styles.form}>
          <ScheduleField cron={values.cron} timeZone={values.timeZone} onCron={(cron) => form.setFieldValue("cron", cron)} onTimeZone={(zone) => form.setFieldValue("timeZone", zone)} errors={{ cron: form.errors.cron, timeZone: form.errors.timeZone }} />
        </div>
      </Card>
      <Card title="Where to, and for how long">
        <Stores form={form} stores={data?.stores ?? []} planId={planId} />
      </Card>
      <Card title="How it is proven">
        <div className={styles.form}>
          <ProofFields form={form} />
          <MoreFields form={form} />
        </div>
      </Card>
      <FormEnd {...end} submit={saveLabel}>
        {cancel}
      </FormEnd>
    </form>
  );
}

function Stores({ form, stores, planId }: { form: ReturnType<typeof useCheckedForm<PlanValues, ReturnType<typeof toPlanInput>>>["form"]; stores: readonly StoreRow[]; planId: string | null }) {
  const { kind, storeIds, retention } = form.values;
  const nature = kind === "self" || kind === "postgres" ? "database" : "files";
  const chosen = storeIds.flatMap((id) => stores.find((store) => store.id === id) ?? []);
  return (
    <div className={styles.form}>
      <MultiSelect label="Stores" data={stores.map(({ id, name }) => ({ value: id, label: name }))} description={<>Two in different places survive the loss of one. <Link href="/backups/stores" className="sw-link">Stores ›</Link></>} {...form.getInputProps("storeIds")} />
      {chosen.map((store) => (
        <RetentionFields key={store.id} store={store} planId={planId} policy={retention[store.id] ?? defaultRetention(store.kind, nature)} onChange={(policy) => form.setFieldValue("retention", { ...retention, [store.id]: policy })} />
      ))}
    </div>
  );
}

const LEVELS = { ok: "ok", warning: "warn", problem: "fail" } as const;

function Findings({ report, problem }: { report: Preflight | undefined; problem: string | null }) {
  if (problem) return <FormProblem problem={problem} />;
  if (!report) return null;
  return (
    <ul className={styles.findings} aria-label="What was found" aria-live="polite">
      {report.findings.map(({ level, code, message }) => (
        <li key={code + message} className={styles.finding}>
          <StatusIcon state={LEVELS[level]} />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}
