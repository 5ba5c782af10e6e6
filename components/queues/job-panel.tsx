"use client";
import { Button } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { JobDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { CodeBlock } from "../data/code.tsx";
import { Confirm } from "../data/confirm.tsx";
import { CopyButton } from "../data/copy-button.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusBadge } from "../data/status.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { isSettleable, JOB_STATE_WORDS } from "./state-words.ts";
import styles from "./queues.module.css";

const PRIORITY_WORDS: Record<number, string> = { 1: "high", 5: "normal", 10: "low" };

/** One job: what it was given, how its attempts went, and what may be done about it. */
export function JobPanel({ of, id, onClose }: { of: QueueRef; id: string; onClose: () => void }) {
  const trpc = useTRPC();
  const { data: job, error, refetch } = useQuery(trpc.queues.job.queryOptions({ ...of, id }));
  const words = job && JOB_STATE_WORDS[job.state];
  return (
    <SidePanel title={<code>{id.slice(0, 8)}</code>} label={`Job ${id}`} width={440} badge={words ? <StatusBadge state={words.state}>{words.word}</StatusBadge> : null} onClose={onClose}>
      {job ? <JobBody job={job} onClose={onClose} /> : null}
      {!job && error ? <ErrorState title="This job could not be read" what={describeError(error).message} todo="It may be finished and gone by now." onRetry={() => void refetch()} /> : null}
      {!job && !error ? <SkeletonRows count={5} height={28} /> : null}
    </SidePanel>
  );
}

function JobBody({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const mayEdit = useMay("editor");
  return (
    <>
      {mayEdit && isSettleable(job.state) ? <JobActions job={job} onDone={onClose} /> : null}
      <SidePanelSection>
        <Facts rows={factsOf(job)} />
      </SidePanelSection>
      {job.attempts.map((attempt, index) => (
        <SidePanelSection key={index} title={index === 0 ? "Last error" : `Attempt ${attempt.number ?? "before"}`}>
          <p className={styles.error}>{attempt.error}</p>
          {attempt.cause ? <p className={styles.error}>Caused by: {attempt.cause}</p> : null}
          {attempt.stack ? <CodeBlock label="Stack" code={attempt.stack} /> : null}
        </SidePanelSection>
      ))}
      <SidePanelSection title="Input">
        <CodeBlock label="Input" code={job.data.text} copy />
      </SidePanelSection>
    </>
  );
}

function factsOf(job: JobDetail) {
  return [
    ["Id", <span key="id"><code>{job.id}</code> <CopyButton value={job.id} label="Copy id" /></span>],
    ["Attempt", job.maxAttempts === null ? String(job.attempt) : `${job.attempt} of ${job.maxAttempts}`],
    ...(job.priority === null ? [] : [["Priority", PRIORITY_WORDS[job.priority] ?? String(job.priority)] as const]),
    ["Created", <RelativeTime key="created" at={job.createdAt} />],
    ["Started", <RelativeTime key="started" at={job.startedAt} never="not yet" />],
    ["Finished", <RelativeTime key="finished" at={job.finishedAt} never="not yet" />],
    ...(job.startedAt ? [] : [["Starts", <RelativeTime key="starts" at={job.startAfter} />] as const]),
    ...(job.durationMs === null ? [] : [["Took", formatMilliseconds(job.durationMs)] as const]),
    ...(job.heartbeatAt ? [["Sign of life", <RelativeTime key="beat" at={job.heartbeatAt} />] as const] : []),
    ...(job.key ? [["Only one with", <code key="key">{job.key}</code>] as const] : []),
  ] as const;
}

function JobActions({ job, onDone }: { job: JobDetail; onDone: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const [isAsking, ask] = useState(false);
  const settle = (title: string) => ({
    onSuccess: async () => {
      toast({ tone: "ok", title });
      onDone();
      await client.invalidateQueries(trpc.queues.pathFilter());
    },
  });
  const retry = useMutation(trpc.queues.retry.mutationOptions(settle("The job runs again")));
  const discard = useMutation(trpc.queues.discard.mutationOptions(settle("The job is gone")));
  const input = { connection: job.connection, queue: job.queue, id: job.id };
  return (
    <SidePanelSection>
      <div className={styles.buttons}>
        <Button leftSection={<IconRefresh />} loading={retry.isPending} onClick={() => retry.mutate(input)}>
          Retry
        </Button>
        <Button variant="outline" color="red" leftSection={<IconTrash />} onClick={() => ask(true)}>
          Discard
        </Button>
      </div>
      <Confirm
        opened={isAsking}
        onClose={() => ask(false)}
        onConfirm={() => discard.mutate(input, { onSettled: () => ask(false) })}
        title="Discard this job"
        sentence={`The work of ${job.queue} with this input will not be done. Its input and errors are deleted too.`}
        consequence={{ title: "This cannot be undone", text: "Retry runs it again instead and keeps its history." }}
        confirmLabel="Discard job"
        danger
        recordedAs={viewer?.name}
        busy={discard.isPending}
      />
    </SidePanelSection>
  );
}
