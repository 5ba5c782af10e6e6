"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconEye } from "@tabler/icons-react";
import { useState } from "react";
import type { BulkPreview, JobOperation, QueueDetail } from "../../server/queues/schema/index.ts";
import { formatCount } from "../data/format.ts";
import { StatusIcon } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AbsentNote } from "./absent-note.tsx";
import { OperationProgress } from "./operation-progress.tsx";
import { isOver } from "./operation-figures.ts";
import { absences, operationWord, possible } from "./operation-words.ts";
import { StartOperation, type Target } from "./start-operation.tsx";
import styles from "./jobs.module.css";

type Props = {
  queue: QueueDetail;
  /** Null while nothing is selected; a running operation is shown all the same. */
  target: Target | null;
  /** How many match in all; undefined while that is counted. */
  matching: { count: number; isExact: boolean } | undefined;
  onAll: () => void;
  onClear: () => void;
};

/** What is selected and what may be done with it: the count first, then a preview, then a tracked operation. */
export function BulkBar({ queue, target, matching, onAll, onClear }: Props) {
  const trpc = useTRPC();
  const [asking, ask] = useState<JobOperation | null>(null);
  const [shown, show] = useState(false);
  const { data: recent } = useQuery(trpc.queues.operations.queryOptions({ limit: 20 }));
  const mine = recent?.items.filter((each) => each.connection === queue.connection && each.queue === queue.name && !isOver(each)) ?? [];
  const operations = target ? possible(target.state, queue.can) : [];
  const main = operations[0];
  const preview = usePreview(target, main, shown || asking !== null);
  if (!target && mine.length === 0) return null;
  return (
    <section className={styles.bulk} aria-label="Selected jobs">
      {target ? (
        <div className={styles.bulkLine}>
          <span className={styles.bulkCount} aria-live="polite">
            {target.isExact ? "" : "At least "}
            {formatCount(target.count)} selected
          </span>
          <Reach target={target} matching={matching} onAll={onAll} />
          <button type="button" className={styles.link} onClick={onClear}>
            Clear
          </button>
          <span className={styles.bulkActs}>
            <AbsentNote reasons={absences(target.state, queue.can)} />
            {main && !target.ids ? (
              <Button size="xs" variant="default" leftSection={<IconEye size={14} aria-hidden />} aria-expanded={shown} onClick={() => show(!shown)}>
                Preview
              </Button>
            ) : null}
            {operations.toReversed().map((operation) => (
              <Button key={operation} size="xs" {...looksOf(operation, main)} onClick={() => ask(operation)}>
                {operationWord(operation, queue.kind)} {operation === main ? formatCount(target.count) : ""}
              </Button>
            ))}
          </span>
        </div>
      ) : null}
      {target && shown && !target.ids ? <PreviewLine preview={preview} of={target} /> : null}
      {mine.map((operation) => (
        <div key={operation.id} className={styles.bulkLine}>
          <OperationProgress operation={operation} />
        </div>
      ))}
      {target && asking ? <StartOperation operation={asking} target={target} kind={queue.kind} preview={preview} onClose={() => ask(null)} onStarted={() => { ask(null); onClear(); }} /> : null}
    </section>
  );
}

function looksOf(operation: JobOperation, main: JobOperation | undefined) {
  if (operation === "discard") return { variant: "outline", color: "red" } as const;
  return operation === main ? {} : ({ variant: "default" } as const);
}

function usePreview(target: Target | null, operation: JobOperation | undefined, isWanted: boolean): BulkPreview | undefined {
  const trpc = useTRPC();
  const { state = "failed", filter = "", of = { connection: "own", queue: "-" } } = target ?? {};
  const { data } = useQuery(trpc.queues.previewOperation.queryOptions({ ...of, state, filter, operation: operation ?? "discard" }, { enabled: isWanted && target !== null && operation !== undefined }));
  return data;
}

function Reach({ target, matching, onAll }: Pick<Props, "matching" | "onAll"> & { target: Target }) {
  if (!target.ids) return <span className={styles.quiet}>all that match</span>;
  if (!matching || matching.count <= target.ids.length) return null;
  return (
    <button type="button" className={styles.link} onClick={onAll}>
      Select all {matching.isExact ? "" : "at least "}
      {formatCount(matching.count)} that match
    </button>
  );
}

function PreviewLine({ preview, of }: { preview: BulkPreview | undefined; of: Target }) {
  if (!preview) return <div className={styles.bulkLine}>Counting…</div>;
  const { count, isExact, sample, obstacle, warnings } = preview;
  const errors = [...new Set(sample.flatMap((job) => job.error ?? []))].slice(0, 2);
  return (
    <div className={styles.bulkLine}>
      <div className={styles.preview}>
        <StatusIcon state={obstacle ? "fail" : warnings.length > 0 ? "warn" : "ok"} />
        <p className={styles.previewText}>
          <strong>Preview:</strong> {obstacle ?? `${isExact ? "" : "at least "}${formatCount(count)} jobs of ${of.of.queue} would be reached.`} {obstacle ? "" : warnings.join(" ")}
          {errors.length > 0 ? <span className={styles.quiet}> Among them: {errors.join("; ")}</span> : null}
        </p>
      </div>
    </div>
  );
}
