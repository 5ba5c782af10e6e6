"use client";
import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { StoreConfig } from "../../server/backups/schema/store-config.ts";
import type { StoreRow } from "../../server/backups/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FieldRow } from "../data/field-row.tsx";
import { FormEnd } from "../data/form-end.tsx";
import { formatSize } from "../data/format.ts";
import { StatusText } from "../data/status.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./backups.module.css";

interface StoreFormProps {
  /** Null: a new one. */
  store: StoreRow | null;
  ownFolder: string;
  onClose: () => void;
}

type Values = { name: string; kind: "local" | "s3"; folder: string; endpoint: string; region: string; bucket: string; prefix: string; accessKeyId: string; secretAccessKey: string };

function valuesOf(store: StoreRow | null, ownFolder: string): Values {
  const empty: Values = { name: "", kind: "local", folder: ownFolder, endpoint: "", region: "us-east-1", bucket: "", prefix: "", accessKeyId: "", secretAccessKey: "" };
  return store === null ? empty : { ...empty, ...store.config, name: store.name };
}

function configOf({ kind, folder, endpoint, region, bucket, prefix, accessKeyId, secretAccessKey }: Values): StoreConfig {
  return kind === "local" ? { kind, folder: folder.trim() } : { kind, endpoint: endpoint.trim(), region, bucket, prefix, accessKeyId, secretAccessKey, pathStyle: true };
}

/** Adds or changes a store. It is tested by writing, reading and deleting a tiny object before it is saved. */
export function StoreForm({ store, ownFolder, onClose }: StoreFormProps) {
  const trpc = useTRPC();
  const add = useMutation(trpc.backups.addStore.mutationOptions({ meta: { quiet: true } }));
  const update = useMutation(trpc.backups.updateStore.mutationOptions({ meta: { quiet: true } }));
  const test = useMutation(trpc.backups.testStore.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: valuesOf(store, ownFolder),
    schema: () => import("../../server/backups/schema.ts").then((module) => module.AddStore),
    toInput: (values) => ({ name: values.name, config: configOf(values) }),
    fieldOf: (path) => path.replace(/^config\./, ""),
    send: async (input) => {
      if (store === null) await add.mutateAsync(input);
      else await update.mutateAsync({ ...input, id: store.id, revision: store.revision });
      toast({ tone: "ok", title: `${input.name} ${store === null ? "added" : "saved"}` });
      onClose();
    },
  });
  const field = form.getInputProps;
  return (
    <Modal opened onClose={onClose} title={store === null ? "Add store" : `Edit ${store.name}`}>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <TextInput label="Name" required data-autofocus {...field("name")} />
        <SegmentedControl aria-label="Kind of store" disabled={store !== null} data={[{ value: "local", label: "Folder" }, { value: "s3", label: "Bucket (S3)" }]} {...field("kind")} />
        {form.values.kind === "local" ? (
          <TextInput label="Folder" description="On this machine or a mounted share; an absolute path." {...field("folder")} />
        ) : (
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
        )}
        {test.data ? <StatusText state={test.data.isUsable ? "ok" : "fail"}>{test.data.isUsable ? `Writes, reads and deletes work${test.data.freeBytes === null ? "" : `, ${formatSize(test.data.freeBytes)} free`}.` : (test.data.problem ?? "Not usable")}</StatusText> : null}
        <FormEnd {...end} submit={store === null ? "Add store" : "Save"} problem={end.problem ?? (test.error ? describeError(test.error).message : null)} onCancel={onClose}>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ config: configOf(form.values), storeId: store?.id })}>
            Test
          </Button>
        </FormEnd>
      </form>
    </Modal>
  );
}
