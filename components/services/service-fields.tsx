"use client";
import { Button, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useId } from "react";
import { TIER_OPTIONS } from "./tiers.ts";
import type { ServiceValues } from "./service-values.ts";
import { Fold } from "../data/fold.tsx";
import { FieldRow } from "../data/field-row.tsx";
import { QuietIcon } from "../data/quiet-icon.tsx";
import styles from "./services.module.css";

interface ServiceFieldsProps {
  form: UseFormReturnType<ServiceValues>;
  /** Asks for an address that becomes the first check. */
  withAddress?: boolean;
}

/** The fields of a service: what matters first, the rest folded until somebody wants it. */
export function ServiceFields({ form, withAddress = false }: ServiceFieldsProps) {
  const field = form.getInputProps;
  return (
    <>
      <TextInput label="Name" required data-autofocus {...field("name")} />
      {withAddress ? (
        <TextInput label="Address to check" description="Optional. Asked every 30 s; more checks can follow." placeholder="https://shop.example/health" inputMode="url" {...field("address")} />
      ) : null}
      <FieldRow>
        <TextInput label="Owner" placeholder="Team that answers for it" {...field("owner")} />
        <TextInput label="Environment" {...field("environment")} />
      </FieldRow>
      <Fold label="Tier, slug, tags, links" opened={!withAddress} errors={Object.keys(form.errors).some((path) => !["name", "address", "owner", "environment"].includes(path))}>
        <FieldRow>
          <Select label="Tier" data={TIER_OPTIONS} allowDeselect={false} {...field("tier")} />
          <TextInput label="Domain" placeholder="Area of the business" {...field("domain")} />
        </FieldRow>
        <TextInput label="Slug" description={withAddress ? "Its address here; made from the name when empty." : "Its address here. Changing it breaks links to this page."} {...field("slug")} />
        <Textarea label="Description" autosize minRows={2} maxRows={6} {...field("description")} />
        <TextInput label="Repository" placeholder="https://…" inputMode="url" {...field("repositoryUrl")} />
        <TagsInput label="Tags" placeholder={form.values.tags.length === 0 ? "Type and press Enter" : ""} {...field("tags")} error={form.errors.tags ?? firstUnder(form.errors, "tags.")} />
        <LinkFields form={form} />
      </Fold>
    </>
  );
}

function firstUnder(errors: Record<string, unknown>, prefix: string): string | undefined {
  const path = Object.keys(errors).find((key) => key.startsWith(prefix));
  return path === undefined ? undefined : String(errors[path]);
}

function LinkFields({ form }: { form: UseFormReturnType<ServiceValues> }) {
  const legend = useId();
  return (
    <div role="group" aria-labelledby={legend} className={styles.links}>
      <span id={legend} className={styles.linksTitle}>
        Links
      </span>
      {form.values.links.map((_link, index) => (
        // Links have no identity but their place.
        <div key={index} className={styles.linkRow}>
          <TextInput aria-label={`Label of link ${index + 1}`} placeholder="Dashboard" {...form.getInputProps(`links.${index}.label`)} />
          <TextInput aria-label={`Address of link ${index + 1}`} placeholder="https://…" inputMode="url" {...form.getInputProps(`links.${index}.url`)} />
          <QuietIcon size="lg" label={`Remove link ${index + 1}`} onClick={() => form.removeListItem("links", index)}>
            <IconX size={16} aria-hidden />
          </QuietIcon>
        </div>
      ))}
      <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => form.insertListItem("links", { label: "", url: "" })}>
        Add link
      </Button>
    </div>
  );
}
