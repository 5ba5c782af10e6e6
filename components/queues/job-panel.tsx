"use client";
import { useQuery } from "@tanstack/react-query";
import type { JobDetail, QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { CodeBlock } from "../data/code.tsx";
import { CopyButton } from "../data/copy-button.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatSize } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusBadge } from "../data/status.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobAttempts } from "./job-attempts.tsx";
import { stateWords } from "./state-words.ts";
import styles from "./jobs.module.css";

const PRIORITY_WORDS: Record<number, string> = { 1: "high", 5: "normal", 10: "low" };
const ID_SHOWN = 20;

type PanelProps = { of: QueueRef; queue: QueueDetail | undefined; id: string; onClose: () => void; onPrevious?: () => void; onNext?: () => void };

/** One job: what it was given, how its attempts went, and what may be done about it. */
export function JobPanel({ of, queue, id, ...moves }: PanelProps) {
  const trpc = useTRPC();
  const { data: job, error, refetch } = useQuery(trpc.queues.job.queryOptions({ ...of, id }));
  const words = job && stateWords(job.state, queue?.kind);
  const title = (
    <>
      <code title={id}>{id.slice(0, ID_SHOWN)}</code> <CopyButton value={id} label="Copy id" />
    </>
  );
  return (
    <SidePanel title={title} label={`Job ${id}`} width={440} badge={words ? <StatusBadge state={words.state}>{words.word}</StatusBadge> : null} {...moves}>
      {job && queue ? <JobBody job={job} queue={queue} onClose={moves.onClose} /> : null}
      {!job && error ? <ErrorState title="This job could not be read" what={describeError(error).message} todo="It may be finished and gone by now." onRetry={() => void refetch()} /> : null}
      {(!job || !queue) && !error ? <SkeletonRows count={5} height={28} /> : null}
    </SidePanel>
  );
}

function JobBody({ job, queue, onClose }: { job: JobDetail; queue: QueueDetail; onClose: () => void }) {
  const mayEdit = useMay("editor");
  return (
    <>
      {mayEdit ? <JobActions job={job} queue={queue} onDone={onClose} /> : null}
      <SidePanelSection>
        <Facts rows={factsOf(job)} />
      </SidePanelSection>
      <SidePanelSection title={job.data.format === "binary" ? "Data, as hexadecimal bytes" : "Data"} aside={`${formatSize(job.data.bytes)}${job.data.isCut ? ", shown in part" : ""}`}>
        <CodeBlock label="Data" code={job.data.text} copy={!job.data.isCut} />
      </SidePanelSection>
      <SidePanelSection title="Attempts" aside="newest first">
        <JobAttempts job={job} />
      </SidePanelSection>
      <Timeline job={job} />
      {job.logs.length > 0 ? (
        <SidePanelSection title="Logs">
          <CodeBlock label="Logs" code={job.logs.join("\n")} />
        </SidePanelSection>
      ) : null}
      {job.options.length > 0 ? (
        <SidePanelSection title="Options">
          <Facts rows={job.options.map(({ label, value }) => [label, value] as const)} />
        </SidePanelSection>
      ) : null}
    </>
  );
}

function Timeline({ job }: { job: JobDetail }) {
  if (job.timeline.length === 0) return null;
  return (
    <SidePanelSection title="Timeline">
      <dl className={styles.timeline}>
        {job.timeline.map(({ at, what }) => (
          <div key={`${at.getTime()} ${what}`} style={{ display: "contents" }}>
            <dt>{what}</dt>
            <dd>
              <RelativeTime at={at} />
            </dd>
          </div>
        ))}
      </dl>
    </SidePanelSection>
  );
}

function factsOf(job: JobDetail) {
  const { sourceQueue, redrives, key, heartbeatAt, durationMs, priority } = job;
  return [
    ...(job.name === job.queue ? [] : [["Name", <code key="name">{job.name}</code>] as const]),
    ["Attempts", job.maxAttempts === null ? String(job.attempt) : `${job.attempt} of ${job.maxAttempts}`] as const,
    ...(priority === null ? [] : [["Priority", PRIORITY_WORDS[priority] ? `${priority}, ${PRIORITY_WORDS[priority]}` : String(priority)] as const]),
    ...(durationMs === null ? [] : [["Took", formatMilliseconds(durationMs)] as const]),
    ...(heartbeatAt ? [["Sign of life", <RelativeTime key="beat" at={heartbeatAt} />] as const] : []),
    ...(key ? [["Unique key", <code key="key">{key}</code>] as const] : []),
    ...(sourceQueue && sourceQueue !== job.queue ? [["Came from", <code key="source">{sourceQueue}</code>] as const] : []),
    ...(redrives > 0 ? [["Sent back", redrives === 1 ? "once before" : `${redrives} times before`] as const] : []),
  ] as const;
}
