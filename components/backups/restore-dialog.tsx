"use client";
import { Button, Modal, Radio, Select, TextInput } from "@mantine/core";
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
import { freshName, sourceDatabase, targetOf, type RestoreChoice } from "./restore-values.ts";
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
  const [choice, setChoice] = useState<RestoreChoice>({ runId, kind: plan.sourceKind, mode: "create", database: freshName(plan.slug), path: `/tmp/${plan.slug}-restored`, prefix: `${plan.slug}-restored`, url: "" });
  const chosen = choice.runId ?? usable.find(({ state }) => state === "verified")?.id ?? usable[0]?.id ?? null;
  const input = chosen === null ? null : { runId: chosen, target: targetOf(choice, plan), selection: {} };
  const prepare = useMutation(trpc.backups.prepareRestore.mutationOptions({ meta: { quiet: true }, onSuccess: setOutlook }));
  const start = useMutation(trpc.backups.startRestore.mutationOptions({ meta: { quiet: true }, onSuccess: ({ id }) => router.push(`/backups/restores/${id}`) }));
  const options = usable.map((run) => ({ value: run.id, label: `${momentIn(run.dataAsOf ?? run.requestedAt, plan.timeZone)}, ${RUN_WORD[run.state].toLowerCase()}` }));
  if (runId !== null && !options.some(({ value }) => value === runId)) options.unshift({ value: runId, label: "The backup of this page" });
  return (
    <Modal opened onClose={onClose} title={`Restore ${plan.name}`} size={560} centered closeButtonProps={{ "aria-label": "Close" }}>
      {outlook && input ? (
        <RestoreConfirm
          outlook={outlook}
          isReplace={isReplace(input.target)}
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
