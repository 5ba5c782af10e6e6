"use client";
import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconArrowBackUp, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { JobDetail, JobOperation, QueueDetail } from "../../server/queues/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { SidePanelSection } from "../data/side-panel.tsx";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AbsentNote } from "./absent-note.tsx";
import { useRefresh } from "./use-refresh.ts";
import { absences, doneWord, operationWord, possible } from "./operation-words.ts";
import styles from "./jobs.module.css";

const ICONS: Partial<Record<JobOperation, React.ReactNode>> = { retry: <IconRefresh size={14} aria-hidden />, redrive: <IconArrowBackUp size={14} aria-hidden />, discard: <IconTrash size={14} aria-hidden /> };

/** One mutation for each operation on a job; all end alike. */
function useJobOperations(onDone: () => void) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const end = (operation: JobOperation) => ({
    onSuccess: async () => {
      toast({ tone: "ok", title: doneWord(operation) });
      onDone();
      await refresh();
    },
    // Somebody was first, or the job moved on: look again.
    onError: refresh,
  });
  return {
    retry: useMutation(trpc.queues.retry.mutationOptions(end("retry"))),
    promote: useMutation(trpc.queues.promote.mutationOptions(end("promote"))),
    discard: useMutation(trpc.queues.discard.mutationOptions(end("discard"))),
    moveToDead: useMutation(trpc.queues.moveToDead.mutationOptions(end("moveToDead"))),
    redrive: useMutation(trpc.queues.redrive.mutationOptions(end("redrive"))),
    changePriority: useMutation(trpc.queues.changePriority.mutationOptions(end("changePriority"))),
    release: useMutation(trpc.queues.release.mutationOptions(end("retry"))),
  };
}

/** What may be done to the job now. Nothing is shown that would be refused. */
export function JobActions({ job, queue, onDone }: { job: JobDetail; queue: QueueDetail; onDone: () => void }) {
  const trpc = useTRPC();
  const acts = useJobOperations(onDone);
  const [asking, ask] = useState<"discard" | "changePriority" | null>(null);
  const { connection, queue: name, id, state } = job;
  const { data: aside } = useQuery(trpc.queues.quarantine.queryOptions({}, { enabled: queue.kind === "own" }));
  const { data: policy } = useQuery(trpc.queues.policy.queryOptions({ connection, queue: name }));
  const isAside = aside?.items.some((item) => item.jobId === id || item.jobId === job.relatedId) ?? false;
  const operations = possible(state, queue.can).filter((operation) => !((isAside || policy?.neverRetry) && (operation === "retry" || operation === "redrive")));
  const input = { connection, queue: name, id };
  const start = (operation: JobOperation) => (operation === "discard" || operation === "changePriority" ? ask(operation) : acts[operation].mutate(input));
  if (operations.length === 0 && !isAside) return null;
  return (
    <SidePanelSection>
      <div className={styles.buttons}>
        {isAside ? (
          <Button variant="default" size="xs" loading={acts.release.isPending} onClick={() => acts.release.mutate(input)}>
            Release and retry
          </Button>
        ) : null}
        {operations.map((operation) => (
          <Button key={operation} size="xs" {...(operation === "discard" ? { variant: "outline", color: "red" } : { variant: "default" })} leftSection={ICONS[operation]} loading={acts[operation].isPending} onClick={() => start(operation)}>
            {operationWord(operation, queue.kind)}
          </Button>
        ))}
        <AbsentNote reasons={absences(state, queue.can)} />
      </div>
      {isAside ? <p className={styles.note}>Put aside: three workers ended while they ran it. Release it once the cause is mended.</p> : null}
      {policy?.neverRetry ? <p className={styles.note}>Jobs of this queue are never retried: {policy.neverRetry}</p> : null}
      <DiscardJob name={name} opened={asking === "discard"} busy={acts.discard.isPending} onClose={() => ask(null)} onConfirm={() => acts.discard.mutate(input, { onSettled: () => ask(null) })} />
      <PriorityDialog job={job} opened={asking === "changePriority"} busy={acts.changePriority.isPending} onClose={() => ask(null)} onSet={(priority) => acts.changePriority.mutate({ ...input, priority }, { onSettled: () => ask(null) })} />
    </SidePanelSection>
  );
}

type DialogProps = { opened: boolean; busy: boolean; onClose: () => void };

function DiscardJob({ name, onConfirm, ...dialog }: DialogProps & { name: string; onConfirm: () => void }) {
  const viewer = useViewer();
  return (
    <Confirm
      {...dialog}
      onConfirm={onConfirm}
      title="Discard this job"
      sentence={`The work of ${name} with this data will not be done. The data and the errors are deleted too.`}
      consequence={{ title: "This cannot be undone", text: "A retry runs it again instead and keeps its history." }}
      confirmLabel="Discard job"
      danger
      recordedAs={viewer?.name}
    />
  );
}

function PriorityDialog({ job, onSet, ...dialog }: DialogProps & { job: JobDetail; onSet: (priority: number) => void }) {
  const viewer = useViewer();
  const [priority, setPriority] = useState(job.priority ?? 0);
  return (
    <Confirm {...dialog} onConfirm={() => onSet(priority)} title="Change the priority" sentence="Jobs with a lower number run first." confirmLabel="Set priority" recordedAs={viewer?.name}>
      <NumberInput label="Priority" value={priority} min={0} max={2_097_152} allowDecimal={false} onChange={(value) => setPriority(Number(value) || 0)} data-autofocus />
    </Confirm>
  );
}
