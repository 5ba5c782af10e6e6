"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Job, JobState, QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatMilliseconds } from "../data/duration.ts";
import { FilterChips } from "../data/filter-chips.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { JobPanel } from "./job-panel.tsx";
import { JOB_STATE_ORDER, JOB_STATE_WORDS, jobStateOf } from "./state-words.ts";
import styles from "./queues.module.css";

export const JOBS_LIMIT = 50;

const COLUMNS: readonly Column<Job>[] = [
  { id: "id", header: "Job", width: 120, phone: true, cell: (job) => <code title={job.id}>{job.id.slice(0, 8)}</code> },
  { id: "created", header: "Created", width: 112, phone: true, cell: (job) => <RelativeTime at={job.createdAt} /> },
  { id: "attempt", header: "Attempt", width: 88, align: "right", phone: true, cell: (job) => attemptWords(job) },
  { id: "took", header: "Took", width: 88, align: "right", cell: (job) => (job.durationMs === null ? "–" : formatMilliseconds(job.durationMs)) },
  { id: "finished", header: "Finished", width: 112, wide: true, cell: (job) => <RelativeTime at={job.finishedAt} never="–" /> },
  { id: "error", header: "Last error", wide: true, cell: (job) => job.error ?? <span className="sw-dim">none</span> },
];

const attemptWords = ({ attempt, maxAttempts }: Job) => (maxAttempts === null ? String(attempt) : `${attempt} of ${maxAttempts}`);

/** The jobs of a queue by state, with a panel for each. */
export function JobsSection({ of, counts }: { of: QueueRef; counts: QueueDetail["counts"] | undefined }) {
  const trpc = useTRPC();
  const density = useDensity();
  const [stateText, setStateText] = useUrlState("state");
  const [selected, select] = useUrlState("job");
  const state = jobStateOf(stateText);
  const query = useInfiniteQuery(trpc.queues.jobs.infiniteQueryOptions({ ...of, state, limit: JOBS_LIMIT }, { getNextPageParam: nextCursor }));
  const { at } = useFreshness(query);
  const options = JOB_STATE_ORDER.map((value) => ({ value, label: JOB_STATE_WORDS[value].word, count: counts?.[value], state: counts && counts[value] > 0 ? JOB_STATE_WORDS[value].state : undefined }));
  const choose = (next: string) => {
    select(null);
    setStateText(next);
  };
  return (
    <>
      <div className={styles.filters}>
        <FilterChips label="State" options={options} value={state} onChange={choose} />
      </div>
      <WithPanel panel={selected ? <JobPanel key={selected} of={of} id={selected} onClose={() => select(null)} /> : null}>
        <DataTable
          label={`Jobs, ${JOB_STATE_WORDS[state].word.toLowerCase()}`}
          noun="job"
          columns={COLUMNS}
          rowId={(job) => job.id}
          selected={selected || null}
          onSelect={select}
          density={density}
          footer={at}
          empty={<p className={styles.empty}>{emptyWords(state)}</p>}
          {...pagedRows(query)}
        />
      </WithPanel>
    </>
  );
}

function emptyWords(state: JobState): string {
  if (state === "completed") return "No job was done in the last hour. Finished jobs are kept that long.";
  if (state === "dead") return "No dead letter. Jobs come here when their last attempt failed.";
  return `No job is ${JOB_STATE_WORDS[state].word.toLowerCase()}.`;
}
