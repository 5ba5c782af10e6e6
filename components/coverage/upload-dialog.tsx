"use client";
import { FileInput, Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { FormEnd } from "../data/form-end.tsx";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { sendReport } from "./send-report.ts";
import { formatCovered, OUTCOME_STATES, OUTCOME_WORDS } from "./words.ts";
import styles from "./coverage.module.css";

const SERVICES = 100;
const COMMIT = /^[0-9a-fA-F]{7,64}$/;

/** Sends one report by hand, for a first look or when a pipeline could not. */
export function UploadDialog({ service, onClose }: { service?: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Upload report">
      <UploadForm service={service} onClose={onClose} />
    </Modal>
  );
}

function UploadForm({ service: given, onClose }: { service?: string; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [fields, setFields] = useState({ service: given ?? "", commit: "", branch: "main", flag: "unit" });
  const services = useQuery(trpc.coverage.list.queryOptions({ limit: SERVICES }, { enabled: given === undefined }));
  const send = useMutation({
    meta: { quiet: true },
    mutationFn: (report: File) => sendReport(report, fields),
    onSuccess: async (result) => {
      toast({ tone: OUTCOME_STATES[result.verdict.outcome] === "ok" ? "ok" : "info", title: `${formatCovered(result.percent.lines)} of lines, the gate: ${OUTCOME_WORDS[result.verdict.outcome].toLowerCase()}`, message: result.isNew ? result.notes.join(" ") : "This report was here already." });
      await client.invalidateQueries(trpc.coverage.pathFilter());
      onClose();
      router.push(`/coverage/${result.service}`);
    },
  });
  const set = (name: keyof typeof fields) => (value: string) => setFields({ ...fields, [name]: value });
  const isReady = file !== null && fields.service !== "" && COMMIT.test(fields.commit);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file && isReady) send.mutate(file);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {given === undefined ? (
        <Select label="Service" required searchable data={(services.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }))} value={fields.service || null} onChange={(value) => set("service")(value ?? "")} />
      ) : null}
      <FileInput label="Report" description="LCOV, Cobertura, Clover, JaCoCo, Istanbul JSON or a Go profile, up to 200 MiB; gzip too." required clearable placeholder="Choose a file" value={file} onChange={setFile} />
      <TextInput label="Commit" description="7 to 64 hexadecimal digits." required autoComplete="off" spellCheck={false} value={fields.commit} onChange={(event) => set("commit")(event.currentTarget.value.trim())} error={fields.commit !== "" && !COMMIT.test(fields.commit) ? "Use the commit's own name, such as 9f3c1ab" : null} />
      <div className={styles.pair}>
        <TextInput label="Branch" required value={fields.branch} onChange={(event) => set("branch")(event.currentTarget.value)} />
        <TextInput label="Flag" description="The suite: unit, integration, e2e." required value={fields.flag} onChange={(event) => set("flag")(event.currentTarget.value)} />
      </div>
      <FormEnd submit="Upload" busy={send.isPending} problem={send.error ? send.error.message : null} disabled={!isReady} onCancel={onClose} />
    </form>
  );
}
