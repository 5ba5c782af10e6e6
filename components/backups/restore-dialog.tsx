"use client";
import { Button, Modal, MultiSelect, Radio, Select, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PlanDetail, RestoreOutlook, RestoreTarget } from "../../server/backups/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { CATALOGUE_LIMIT } from "./inputs.ts";
import { RestoreConfirm } from "./restore-confirm.tsx";
import { freshName, mayChoosePart, partInWords, selectionOf, sourceDatabase, targetOf, type RestoreChoice } from "./restore-values.ts";
import { momentIn, RUN_WORD } from "./words.ts";
import styles from "./backups.module.css";

interface RestoreDialogProps {
  plan: PlanDetail;
  /** The backup to restore; the newest when null. */
  runId: string | null;
  onClose: () => void;
}

/** Two steps: what and where to, then the consequences and the confirmation. Closing it changes nothing. */
export function RestoreDialog({ plan, runId, onClose }: RestoreDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [outlook, setOutlook] = useState<RestoreOutlook | null>(null);
  const runs = useQuery(trpc.backups.runs.queryOptions({ id: plan.id, limit: CATALOGUE_LIMIT }));
  const usable = (runs.data?.items ?? []).filter(({ copies }) => copies.some(({ state }) => state === "stored"));
  const [choice, setChoice] = useState<RestoreChoice>({ runId, kind: plan.sourceKind, mode: "create", database: freshName(plan.slug), path: `/tmp/${plan.slug}-restored`, prefix: `${plan.slug}-restored`, url: "", isPart: false, tables: [], files: [] });
  const chosen = choice.runId ?? usable.find(({ state }) => state === "verified")?.id ?? usable[0]?.id ?? null;
  const selection = selectionOf(choice);
  const input = chosen === null || selection === null ? null : { runId: chosen, target: targetOf(choice, plan), selection };
  const prepare = useMutation(trpc.backups.prepareRestore.mutationOptions({ meta: { quiet: true }, onSuccess: setOutlook }));
  const start = useMutation(trpc.backups.startRestore.mutationOptions({ meta: { quiet: true }, onSuccess: ({ id }) => router.push(`/backups/restores/${id}`) }));
  const options = usable.map((run) => ({ value: run.id, label: `${momentIn(run.dataAsOf ?? run.requestedAt, plan.timeZone)}, ${RUN_WORD[run.state].toLowerCase()}` }));
  if (runId !== null && !options.some(({ value }) => value === runId)) options.unshift({ value: runId, label: "The backup of this page" });
  return (
    <Modal opened onClose={onClose} title={`Restore ${plan.name}`}>
      {outlook && input ? (
        <RestoreConfirm
          outlook={outlook}
          isReplace={isReplace(input.target)}
          part={partInWords(input.selection)}
          busy={start.isPending}
          problem={start.error ? describeError(start.error).message : null}
          onBack={() => setOutlook(null)}
          onStart={(typed) => start.mutate({ ...input, token: outlook.token ?? "", typed })}
        />
      ) : (
        <form
          className={styles.dialog}
          onSubmit={(event) => {
            event.preventDefault();
            if (input) prepare.mutate(input);
          }}
        >
          <Select label="Backup" data={options} value={chosen} onChange={(value) => setChoice({ ...choice, runId: value })} allowDeselect={false} placeholder="Loading" />
          <TargetFields plan={plan} choice={choice} onChange={setChoice} />
          {mayChoosePart(choice) ? <PartFields runId={chosen} choice={choice} onChange={setChoice} /> : null}
          <FormProblem problem={prepare.error ? describeError(prepare.error).message : null} />
          <div className={styles.formActions}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={prepare.isPending} disabled={input === null}>
              Show what happens
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

const isReplace = (target: RestoreTarget) => target.kind === "database" && target.mode === "replace";

/** Suggestions shown at once; typing narrows them. */
const MOST_SUGGESTIONS = 50;

interface PartFieldsProps {
  runId: string | null;
  choice: RestoreChoice;
  onChange: (choice: RestoreChoice) => void;
}

/** Everything, or some tables or files of the backup. */
function PartFields({ runId, choice, onChange }: PartFieldsProps) {
  const trpc = useTRPC();
  const run = useQuery(trpc.backups.run.queryOptions({ id: runId ?? "" }, { enabled: choice.isPart && runId !== null }));
  const isFiles = choice.kind === "folder" || choice.kind === "bucket";
  const content = run.data?.content;
  const names = content?.kind === "database" ? content.tables.map(({ schema, name }) => `${schema}.${name}`) : (content?.listed.map(({ path }) => path) ?? []);
  return (
    <>
      <Radio.Group label="What comes back" value={choice.isPart ? "part" : "all"} onChange={(value) => onChange({ ...choice, isPart: value === "part" })}>
        <div className={styles.choice}>
          <Radio value="all" label="Everything" />
          <Radio value="part" label={isFiles ? "Some files" : "Some tables"} />
        </div>
      </Radio.Group>
      {!choice.isPart ? null : isFiles ? (
        <TagsInput label="Files" description="Paths, or globs such as reports/2027/**" data={names} limit={MOST_SUGGESTIONS} value={choice.files} onChange={(files) => onChange({ ...choice, files })} />
      ) : (
        <MultiSelect label="Tables" description="With their rows; what refers to other tables is left out and named" data={names} limit={MOST_SUGGESTIONS} searchable value={choice.tables} onChange={(tables) => onChange({ ...choice, tables })} placeholder={run.isPending ? "Loading" : "Type to search"} nothingFoundMessage="No such table in this backup" />
      )}
    </>
  );
}

interface TargetFieldsProps {
  plan: PlanDetail;
  choice: RestoreChoice;
  onChange: (choice: RestoreChoice) => void;
}

function TargetFields({ plan, choice, onChange }: TargetFieldsProps) {
  const mayReplace = useMay("admin");
  if (plan.sourceKind === "folder") return <TextInput label="Folder" description="New or empty, on the machine of the console." value={choice.path} onChange={(event) => onChange({ ...choice, path: event.currentTarget.value })} />;
  if (plan.sourceKind === "bucket") return <TextInput label="Prefix" description="In the same bucket; the source's own prefix is not touched." value={choice.prefix} onChange={(event) => onChange({ ...choice, prefix: event.currentTarget.value })} />;
  const own = sourceDatabase(plan);
  return (
    <>
      <Radio.Group label="Target" value={choice.mode} onChange={(mode) => onChange({ ...choice, mode: mode as RestoreChoice["mode"] })}>
        <div className={styles.choice}>
          <Radio value="create" label="Into a new database" description={`${choice.database}, nothing else changes`} />
          {own !== null && mayReplace && !plan.isSelf ? <Radio value="replace" label={`In place, over ${own}`} description="Connections are closed and the database is replaced" /> : null}
        </div>
      </Radio.Group>
      {choice.mode === "create" ? (
        <>
          <TextInput label="Name of the new database" value={choice.database} onChange={(event) => onChange({ ...choice, database: event.currentTarget.value })} />
          <TextInput label="Another server" description="Optional. Empty: the server of the source." placeholder="postgresql://user:password@host:5432/postgres" value={choice.url} onChange={(event) => onChange({ ...choice, url: event.currentTarget.value })} required={!plan.hasSource} />
        </>
      ) : null}
    </>
  );
}
