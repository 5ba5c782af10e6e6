"use client";
import { Button, FileInput, Modal, Progress, Select } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { CodeBlock } from "../data/code.tsx";
import { FormProblem } from "../data/form-problem.tsx";
import { plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC, useTRPCClient } from "../trpc/client.tsx";
import { CsvImport } from "./import-csv.tsx";
import type { ImportPlan, Source } from "./import-plan.ts";
import styles from "./services.module.css";

const CSV = "csv";
const PLAN = "services.importPlan";
type From = Source | typeof CSV;

const SOURCES: readonly { value: From; label: string; hint: string; accept: string }[] = [
  { value: CSV, label: "Spreadsheet (CSV)", hint: "The first line names the columns: name, slug, description, domain, tier, environment, owner, repository, links, tags, address.", accept: ".csv,text/csv" },
  { value: "uptime-kuma", label: "Uptime Kuma", hint: "The backup that version 1 writes under Settings, Backup (JSON).", accept: ".json,application/json" },
  { value: "gatus", label: "Gatus", hint: "Its configuration file (YAML).", accept: ".yaml,.yml" },
  { value: "healthchecks", label: "Healthchecks", hint: "The answer of its management API to GET /api/v3/checks/ (JSON).", accept: ".json,application/json" },
  { value: "manifest", label: "Seaworthy manifest", hint: "A seaworthy.yaml, written by hand or by the export command.", accept: ".yaml,.yml" },
];
/** Larger files are no lists of services. */
const MOST_BYTES = 8 * 1_024 * 1_024;

/** The dialog that takes services over from another tool's file: shows what will change, then changes it. */
export function ImportServices({ onClose }: { onClose: () => void }) {
  const [isBusy, setBusy] = useState(false);
  return (
    <Modal opened onClose={isBusy ? () => undefined : onClose} title="Import services" size={640} closeButtonProps={{ "aria-label": "Close", disabled: isBusy }}>
      <ImportBody onClose={onClose} onBusy={setBusy} />
    </Modal>
  );
}

type WorkProps = { onClose: () => void; onBusy: (isBusy: boolean) => void };

function ImportBody({ onClose, onBusy }: WorkProps) {
  const [source, setSource] = useState<From>(CSV);
  const [file, setFile] = useState<File | null>(null);
  const [isBusy, setBusy] = useState(false);
  const chosen = SOURCES.find(({ value }) => value === source) ?? SOURCES[0];
  const busy = (next: boolean) => {
    setBusy(next);
    onBusy(next);
  };
  return (
    <div className={styles.form}>
      <Select label="From" data={SOURCES.map(({ value, label }) => ({ value, label }))} value={source} allowDeselect={false} disabled={isBusy} onChange={(next) => setSource((next ?? source) as From)} />
      <FileInput label="File" description={chosen?.hint} accept={chosen?.accept} placeholder="Choose a file" leftSection={<IconFileUpload size={16} aria-hidden />} clearable value={file} disabled={isBusy} onChange={setFile} />
      {source === CSV ? <CsvImport key={nameOf(file)} file={file} onClose={onClose} onBusy={busy} /> : <PlannedImport key={`${source} ${nameOf(file)}`} source={source} file={file} onClose={onClose} onBusy={busy} />}
    </div>
  );
}

/** Another file is another import: nothing of the last one may stay on screen. */
const nameOf = (file: File | null): string => (file ? `${file.name} ${file.size} ${file.lastModified}` : "");

function PlannedImport({ source, file, onClose, onBusy }: WorkProps & { source: Source; file: File | null }) {
  const { data: found, error, isFetching } = usePlan(source, file);
  const work = useCarryOut({ onClose, onBusy });
  const problem = work.error ?? error;
  return (
    <>
      {found ? <PlanView plan={found} /> : null}
      {work.isPending && found ? <Progress value={(work.done / found.steps.length) * 100} aria-label={`${work.done} of ${found.steps.length} done`} /> : null}
      <FormProblem problem={problem ? describeError(problem).message : null} />
      <div className={`${styles.formActions} ${styles.pinned}`}>
        <Button variant="default" onClick={onClose} disabled={work.isPending}>
          Cancel
        </Button>
        <Button loading={isFetching || work.isPending} disabled={!found || found.steps.length === 0} onClick={() => (found ? work.mutate(found) : undefined)}>
          {found && found.steps.length > 0 ? `Make ${plural(found.steps.length, "change")}` : "Import"}
        </Button>
      </div>
    </>
  );
}

function PlanView({ plan }: { plan: ImportPlan }) {
  return (
    <div aria-live="polite" className={styles.lines}>
      {plan.lines.length > 0 ? <CodeBlock code={plan.lines.join("\n")} label="What will change" copy={false} /> : <p className={styles.hint}>Everything in this file is here already.</p>}
      {plan.notes.length > 0 ? (
        <>
          <p className={styles.hint}>{plan.notes.length === 1 ? "One thing cannot be taken over as it is:" : `${plan.notes.length} things cannot be taken over as they are:`}</p>
          <ul className={styles.lines}>
            {plan.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}

function usePlan(source: Source, file: File | null) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: [PLAN, source, nameOf(file)],
    enabled: file !== null,
    // What was read once is shown until another file is chosen; a console that moved on answers when it is carried out.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    meta: { quiet: true },
    queryFn: async () => {
      if (!file) return null;
      if (file.size > MOST_BYTES) throw new Error("The file is larger than 8 MB.");
      const { makePlan } = await import("./import-plan.ts");
      return makePlan(client, source, await file.text());
    },
  });
}

function useCarryOut({ onClose, onBusy }: WorkProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const [done, setDone] = useState(0);
  const work = useMutation({
    meta: { quiet: true },
    mutationFn: async (plan: ImportPlan) => {
      onBusy(true);
      setDone(0);
      const { carryOutPlan } = await import("./import-plan.ts");
      await carryOutPlan(client, plan, setDone);
    },
    onSuccess: (_nothing, plan) => {
      toast({ tone: "ok", title: `${plural(plan.steps.length, "change")} made`, message: "New checks run now." });
      onClose();
    },
    // Some steps are done: what is left is another plan.
    onError: () => void queries.invalidateQueries({ queryKey: [PLAN] }),
    onSettled: () => {
      onBusy(false);
      void queries.invalidateQueries(trpc.services.pathFilter());
    },
  });
  return { ...work, done };
}
