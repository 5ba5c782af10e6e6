"use client";
import { NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Bulk, BulkPreview, JobOperation, JobState, QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { formatCount, plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { operationWord } from "./operation-words.ts";
import styles from "./jobs.module.css";

/** Which jobs: those picked, or all of a state that match a filter. */
export type Target = { of: QueueRef; state: JobState; filter: string; ids: readonly string[] | null; count: number; isExact: boolean };

type Props = { operation: JobOperation; target: Target; kind: QueueDetail["kind"] | undefined; preview?: BulkPreview; onClose: () => void; onStarted: (started: Bulk) => void };

const isRetrying = (operation: JobOperation) => operation === "retry" || operation === "redrive";

/** Asks how and why, says what will happen, and starts the operation. */
export function StartOperation({ operation, target, kind, preview, onClose, onStarted }: Props) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const [reason, setReason] = useState("");
  const [perSecond, setPerSecond] = useState<number | null>(null);
  const [priority, setPriority] = useState(5);
  const start = useMutation(
    trpc.queues.startOperation.mutationOptions({
      onSuccess: async (started) => {
        toast({ tone: "info", title: "Started", message: "It goes on by itself; you may leave this page." });
        onStarted(started);
        await client.invalidateQueries(trpc.queues.pathFilter());
      },
    }),
  );
  const { of, state, filter, ids, count, isExact } = target;
  const word = operationWord(operation, kind);
  const jobs = `${isExact ? "" : "at least "}${plural(count, "job")}`;
  const confirm = () =>
    start.mutate({ ...of, operation, state, filter, reason, perSecond, ...(ids ? { ids: [...ids] } : {}), ...(operation === "changePriority" ? { priority } : {}) });
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={confirm}
      title={`${word}: ${jobs} of ${of.queue}`}
      sentence={sentenceOf(operation, jobs)}
      {...consequenceOf(operation, jobs, preview)}
      confirmLabel={`${word} ${formatCount(count)}`}
      danger={operation === "discard"}
      {...(operation === "discard" ? { typeName: of.queue } : {})}
      recordedAs={viewer?.name}
      busy={start.isPending}
    >
      <div className={styles.form}>
        <TextInput label="Why" description="Stands in the audit log beside your name." placeholder="Mail server is back" value={reason} maxLength={300} onChange={(event) => setReason(event.currentTarget.value)} />
        <div className={styles.pair}>
          {operation === "changePriority" ? <NumberInput label="Priority" description="Lower runs first." value={priority} min={0} allowDecimal={false} onChange={(value) => setPriority(Number(value) || 0)} /> : null}
          <NumberInput label="At most a second" description="Empty: as fast as the queue takes them." placeholder="no limit" min={1} max={100_000} allowDecimal={false} value={perSecond ?? ""} onChange={(value) => setPerSecond(value === "" ? null : Number(value))} />
        </div>
      </div>
    </Confirm>
  );
}

function sentenceOf(operation: JobOperation, jobs: string): string {
  if (isRetrying(operation)) return `${jobs} go back into line. Each is taken once; what fails again meanwhile stays.`;
  if (operation === "discard") return `${jobs} are deleted with their data and errors. Their work will not be done.`;
  if (operation === "promote") return `${jobs} may start now instead of later.`;
  if (operation === "moveToDead") return `${jobs} leave the line and wait with the dead letters for a decision.`;
  return `${jobs} get another priority. Those that run already keep theirs.`;
}

function consequenceOf(operation: JobOperation, jobs: string, preview: BulkPreview | undefined) {
  const warnings = preview?.warnings ?? [];
  if (operation === "discard") return { consequence: { title: "This cannot be undone", text: `${jobs} are lost.` } };
  return warnings.length > 0 ? { consequence: { title: "Before you start", text: warnings.join(" ") } } : {};
}
