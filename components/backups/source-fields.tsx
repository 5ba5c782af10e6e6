"use client";
import { Select, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { FieldRow } from "../data/field-row.tsx";
import { useMay } from "../shell/viewer.tsx";
import type { PlanValues } from "./plan-values.ts";

const KINDS = [
  { value: "postgres", label: "PostgreSQL database" },
  { value: "self", label: "This console's own database" },
  { value: "folder", label: "Folder of this machine" },
  { value: "bucket", label: "Bucket (S3)" },
];

interface SourceFieldsProps {
  form: UseFormReturnType<PlanValues>;
  /** An existing plan keeps its kind. */
  isFixed: boolean;
}

/** What to back up. */
export function SourceFields({ form, isFixed }: SourceFieldsProps) {
  const mayFolder = useMay("admin");
  const field = form.getInputProps;
  const { kind } = form.values;
  return (
    <>
      <Select label="What to back up" data={KINDS.filter(({ value }) => value !== "folder" || mayFolder || kind === "folder")} allowDeselect={false} disabled={isFixed} {...field("kind")} />
      {kind === "postgres" ? <TextInput label="Address" description="A user that may read everything is enough (pg_read_all_data). The password is stored encrypted." placeholder="postgresql://backup:password@db.example:5432/shop" autoComplete="off" spellCheck={false} {...field("url")} /> : null}
      {kind === "folder" ? (
        <>
          <TextInput label="Folder" placeholder="/srv/files" {...field("path")} />
          <FieldRow>
            <TagsInput label="Only these" description="Globs; empty: everything" {...field("include")} />
            <TagsInput label="Without these" description="Globs; they win" {...field("exclude")} />
          </FieldRow>
          <Select label="Symbolic links" data={[{ value: "refuse", label: "Refuse: the run fails and names them" }, { value: "keep", label: "Keep as links" }, { value: "skip", label: "Leave out" }]} allowDeselect={false} {...field("links")} />
        </>
      ) : null}
      {kind === "bucket" ? (
        <>
          <FieldRow>
            <TextInput label="Endpoint" placeholder="https://s3.eu-north-1.amazonaws.com" {...field("endpoint")} />
            <TextInput label="Region" {...field("region")} />
          </FieldRow>
          <FieldRow>
            <TextInput label="Bucket" {...field("bucket")} />
            <TextInput label="Prefix" description="Optional" {...field("prefix")} />
          </FieldRow>
          <FieldRow>
            <TextInput label="Access key" autoComplete="off" {...field("accessKeyId")} />
            <TextInput label="Secret key" type="password" autoComplete="new-password" {...field("secretAccessKey")} />
          </FieldRow>
        </>
      ) : null}
    </>
  );
}
