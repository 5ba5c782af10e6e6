"use client";
import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId } from "react";
import { FieldRow } from "../data/field-row.tsx";
import { QuietIcon } from "../data/quiet-icon.tsx";
import type { CheckValues } from "./check-values.ts";
import styles from "./services.module.css";

type Form = UseFormReturnType<CheckValues>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const METHODS_WITH_BODY = ["POST", "PUT", "PATCH", "DELETE"];

/** The one thing every check needs: where its target is. */
export function TargetFields({ form }: { form: Form }) {
  const field = form.getInputProps;
  switch (form.values.kind) {
    case "http":
      return <TextInput label="Address" required placeholder="https://shop.example/health" inputMode="url" data-autofocus {...field("url")} />;
    case "tcp":
      return (
        <FieldRow>
          <TextInput label="Host" required placeholder="db.example" data-autofocus {...field("host")} />
          <Figure form={form} path="port" label="Port" required />
        </FieldRow>
      );
    case "postgres":
      return (
        <>
          <TextInput label="Connection string" required description="Kept encrypted; the password is never shown again." placeholder="postgresql://user:password@host:5432/database" autoComplete="off" spellCheck={false} data-autofocus {...field("connectionString")} />
          <TextInput label="Query" description="Optional, in a read-only transaction. Connecting alone is checked without it." placeholder="select count(*) from orders" spellCheck={false} {...field("query")} />
          {form.values.query.trim() ? <TextInput label="Expected first value" description="Optional. Text that the first column of the first row must equal." {...field("expect")} /> : null}
        </>
      );
    case "redis":
      return <TextInput label="Address" required description="Kept encrypted; the password is never shown again." placeholder="redis://user:password@host:6379/0" autoComplete="off" spellCheck={false} data-autofocus {...field("redisUrl")} />;
    case "heartbeat":
      return <HeartbeatFields form={form} />;
    default:
      return form.values.kind satisfies never;
  }
}

/** When a job is expected to report. */
function HeartbeatFields({ form }: { form: Form }) {
  const field = form.getInputProps;
  const hasSchedule = form.values.schedule.trim() !== "";
  return (
    <>
      <p className={styles.hint}>The job calls an address when it is done; the address appears when the check is added. No call in time means down.</p>
      <FieldRow>
        <Figure form={form} path="periodMinutes" label="Expected every" unit="minutes" disabled={hasSchedule} />
        <Figure form={form} path="graceMinutes" label="May be late by" unit="minutes" />
      </FieldRow>
      <FieldRow>
        <TextInput label="Or on a schedule" description="Five cron fields, instead of a period." placeholder="0 2 * * *" spellCheck={false} {...field("schedule")} />
        <TextInput label="Time zone" description="Of the schedule." placeholder="Europe/Berlin" disabled={!hasSchedule} {...field("timeZone")} />
      </FieldRow>
    </>
  );
}

/** How an HTTP check asks, and what it expects of the answer. */
export function HttpAdvanced({ form }: { form: Form }) {
  const field = form.getInputProps;
  return (
    <>
      <FieldRow>
        <Select label="Method" data={METHODS} allowDeselect={false} {...field("method")} />
        <TextInput label="Expected status codes" placeholder="200-299, 304" {...field("expectedStatus")} />
      </FieldRow>
      <HeaderFields form={form} />
      {METHODS_WITH_BODY.includes(form.values.method) ? <Textarea label="Body" autosize minRows={2} maxRows={8} spellCheck={false} {...field("body")} /> : null}
      <FieldRow>
        <Figure form={form} path="maxLatencyMs" label="Degraded when slower than" unit="ms" />
        <Figure form={form} path="certificateMinDays" label="Degraded when certificate ends in" unit="days" />
      </FieldRow>
      <TextInput label="Body contains" {...field("bodyContains")} />
      <FieldRow>
        <TextInput label="JSON value at" placeholder="$.checks.db.status" spellCheck={false} {...field("jsonPath")} />
        <TextInput label="Equals" disabled={!form.values.jsonPath.trim()} {...field("jsonEquals")} />
      </FieldRow>
      <TextInput label="Body matches" description="A regular expression in RE2 syntax, found anywhere in the body." spellCheck={false} {...field("regex")} />
      <Figure form={form} path="followRedirects" label="Redirects to follow" />
      <Checkbox label="Read parts from a health document in the body" {...form.getInputProps("readsHealthDocument", { type: "checkbox" })} />
      <Checkbox label="Accept certificates that cannot be trusted" {...form.getInputProps("ignoreCertificateErrors", { type: "checkbox" })} />
    </>
  );
}

/** A number with its unit. Empty stays empty: nothing is asked for then. */
export function Figure({ form, path, label, unit, required, disabled }: { form: Form; path: keyof CheckValues; label: string; unit?: string; required?: boolean; disabled?: boolean }) {
  return <NumberInput label={unit ? `${label}, ${unit}` : label} required={required} disabled={disabled} hideControls allowDecimal={false} allowNegative={false} {...form.getInputProps(path)} />;
}

function HeaderFields({ form }: { form: Form }) {
  const legend = useId();
  return (
    <div role="group" aria-labelledby={legend} className={styles.links}>
      <span id={legend} className={styles.linksTitle}>
        Headers
      </span>
      {form.values.headers.map((header, index) => (
        // Headers have no identity but their place.
        <div key={index} className={styles.headerRow}>
          <TextInput aria-label={`Name of header ${index + 1}`} placeholder="Authorization" spellCheck={false} {...form.getInputProps(`headers.${index}.name`)} />
          <TextInput aria-label={`Value of header ${index + 1}`} type={header.isSecret ? "password" : "text"} autoComplete="off" spellCheck={false} {...form.getInputProps(`headers.${index}.value`)} />
          <Checkbox label="Secret" {...form.getInputProps(`headers.${index}.isSecret`, { type: "checkbox" })} />
          <QuietIcon size="lg" label={`Remove header ${index + 1}`} onClick={() => form.removeListItem("headers", index)}>
            <IconX size={16} aria-hidden />
          </QuietIcon>
        </div>
      ))}
      {form.errors.headers ? <span className={styles.fieldError}>{form.errors.headers}</span> : null}
      <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => form.insertListItem("headers", { name: "", value: "", isSecret: false })}>
        Add header
      </Button>
    </div>
  );
}
