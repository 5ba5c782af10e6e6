"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { Bulk } from "../../server/queues/schema/index.ts";
import { formatDuration } from "../data/duration.ts";
import { formatCount } from "../data/format.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { etaOf, isOver, progressOf, statusSentence } from "./operation-figures.ts";
import { operationWord } from "./operation-words.ts";
import styles from "./jobs.module.css";

/** Pause, resume and cancel, whichever make sense now. */
export function OperationControls({ operation }: { operation: Bulk }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const refresh = { onSettled: () => client.invalidateQueries(trpc.queues.pathFilter()) };
  const pause = useMutation(trpc.queues.pauseOperation.mutationOptions(refresh));
  const resume = useMutation(trpc.queues.resumeOperation.mutationOptions(refresh));
  const cancel = useMutation(trpc.queues.cancelOperation.mutationOptions(refresh));
  const mayEdit = useMay("editor");
  const { id, status } = operation;
  if (!mayEdit || status === "done" || status === "cancelled") return null;
  return (
    <>
      {status === "paused" || status === "failed" ? (
        <button type="button" className={styles.link} disabled={resume.isPending} onClick={() => resume.mutate({ id })}>
          Resume
        </button>
      ) : (
        <button type="button" className={styles.link} disabled={pause.isPending} onClick={() => pause.mutate({ id })}>
          Pause
        </button>
      )}
      {status === "failed" ? null : (
        <button type="button" className={styles.link} disabled={cancel.isPending} onClick={() => cancel.mutate({ id })}>
          Cancel
        </button>
      )}
    </>
  );
}

/** How far an operation is, in a line and a bar. */
export function OperationProgress({ operation, isLinked = true }: { operation: Bulk; isLinked?: boolean }) {
  const share = progressOf(operation);
  const eta = etaOf(operation);
  const title = `${operationWord(operation.operation, undefined)}: ${formatCount(operation.reached)}${operation.total === null ? "" : ` of ${formatCount(operation.total)}`}`;
  return (
    <div className={styles.progress}>
      <div className={styles.progressHead}>
        {isLinked ? <Link href={`/queues/operations/${operation.id}`}>{title}</Link> : <strong>{title}</strong>}
        <span className={styles.quiet} aria-live="polite">
          {statusSentence(operation)}
          {!isOver(operation) && operation.rate !== null ? `, ${formatCount(operation.rate)} a second` : ""}
          {eta === null ? "" : `, ${formatDuration(eta)} left`}
        </span>
        <span>
          <OperationControls operation={operation} />
        </span>
      </div>
      <div className={styles.track} role="progressbar" aria-label={title} aria-valuemin={0} aria-valuemax={100} {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}>
        <span className={styles.fill} style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
    </div>
  );
}
