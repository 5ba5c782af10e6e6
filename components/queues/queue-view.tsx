"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Job, JobState, QueueDetail } from "../../server/queues/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatDuration, formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { formatCount, plural } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { Tag } from "../data/tags.tsx";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Card, Page, Panel } from "../shell/page.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { queueRange } from "./depth-series.ts";
import { JobPanel } from "./job-panel.tsx";
import { queueSentence } from "./queues-sentence.ts";
import { JOB_STATE_ORDER, JOB_STATE_WORDS, jobStateOf } from "./state-words.ts";
import styles from "./queues.module.css";

export const JOBS_LIMIT = 50;
const CHART_HEIGHT = 200;
const SERIES = [
  { key: "active", label: "running", kind: "area", tone: 3 },
  { key: "delayed", label: "delayed", kind: "area", tone: 2 },
  { key: "waiting", label: "waiting", kind: "area", tone: 1 },
] as const;

const COLUMNS: readonly Column<Job>[] = [
  { id: "id", header: "Job", width: 120, phone: true, cell: (job) => <code title={job.id}>{job.id.slice(0, 8)}</code> },
  { id: "created", header: "Created", width: 112, phone: true, cell: (job) => <RelativeTime at={job.createdAt} /> },
  { id: "attempt", header: "Attempt", width: 88, align: "right", phone: true, cell: (job) => `${job.attempt} of ${job.maxAttempts}` },
  { id: "took", header: "Took", width: 88, align: "right", cell: (job) => (job.durationMs === null ? "–" : formatMilliseconds(job.durationMs)) },
  { id: "finished", header: "Finished", width: 112, wide: true, cell: (job) => <RelativeTime at={job.finishedAt} never="–" /> },
  { id: "error", header: "Last error", wide: true, cell: (job) => job.error ?? <span className="sw-dim">none</span> },
];

/** One queue: figures, depth over time, and its jobs by state with a panel for each. */
export function QueueView({ name }: { name: string }) {
  const trpc = useTRPC();
  const { key } = useTimeRange();
  const query = useQuery(trpc.queues.get.queryOptions({ queue: name, range: queueRange(key) }, { placeholderData: keepPreviousData }));
  const { data, error } = query;
  const freshness = useFreshness(query);
  if (!data && error) {
    return (
      <Page title={name}>
        <Panel label="Queue">
          <ErrorState title="This queue could not be read" what={describeError(error).message} kept="Its jobs still run." requestId={describeError(error).requestId} onRetry={() => void query.refetch()} />
        </Panel>
      </Page>
    );
  }
  return (
    <Page title={name} tags={data ? <QueueTags queue={data} /> : null} sentence={data && queueSentence(data)}>
      {data ? <Figures queue={data} /> : null}
      <Jobs name={name} counts={data?.counts} />
      {data ? <DepthCard queue={data} at={freshness.at} stale={freshness.isStale} /> : null}
    </Page>
  );
}

function QueueTags({ queue }: { queue: QueueDetail }) {
  const { retries, timeoutMs, cron } = queue.settings;
  return (
    <>
      <Tag>{plural(retries, "retry", "retries")}</Tag>
      <Tag>at most {formatDuration(timeoutMs)}</Tag>
      {cron ? <Tag>cron {cron}</Tag> : null}
    </>
  );
}

function Figures({ queue }: { queue: QueueDetail }) {
  const { counts, oldestWaitingMs } = queue;
  return (
    <KeyFigures
      label="Queue"
      figures={[
        { label: "Waiting", value: formatCount(counts.waiting) },
        { label: "Running", value: formatCount(counts.active) },
        { label: "Oldest waiting", value: oldestWaitingMs === null ? "none" : formatDuration(oldestWaitingMs) },
        { label: "Failed, last hour", value: formatCount(queue.failedLastHour), ...(queue.failedLastHour > 0 ? { state: "fail" as const } : {}) },
        { label: "Done, last hour", value: formatCount(queue.completedLastHour) },
        { label: "Dead letters", value: formatCount(counts.dead), ...(counts.dead > 0 ? { state: "fail" as const } : {}) },
      ]}
    />
  );
}

function DepthCard({ queue, at, stale }: { queue: QueueDetail; at: React.ReactNode; stale: boolean }) {
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  return (
    <Card title="Depth" aside={<Legend series={[...SERIES].toReversed()} />} footer={{ source: "Sampled once a minute", at }} isStale={stale}>
      <TimeSeries
        label={`Jobs of ${queue.name} to be done`}
        points={queue.series.map(({ at: instant, waiting, delayed, active }) => ({ at: instant.getTime(), waiting, delayed, active }))}
        series={SERIES}
        range={{ from: range.from.getTime(), to: range.to.getTime() }}
        format={formatCount}
        height={CHART_HEIGHT}
        onZoom={({ from, to }) => setRange({ from: new Date(from), to: new Date(to) })}
      />
    </Card>
  );
}

function Jobs({ name, counts }: { name: string; counts: QueueDetail["counts"] | undefined }) {
  const trpc = useTRPC();
  const density = useDensity();
  const [stateText, setStateText] = useUrlState("state");
  const [selected, select] = useUrlState("job");
  const state = jobStateOf(stateText);
  const query = useInfiniteQuery(trpc.queues.jobs.infiniteQueryOptions({ queue: name, state, limit: JOBS_LIMIT }, { getNextPageParam: nextCursor }));
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
      <WithPanel panel={selected ? <JobPanel key={selected} queue={name} id={selected} onClose={() => select(null)} /> : null}>
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
  if (state === "dead") return "No dead letter. Jobs come here when their last attempt failed, and stay thirty days.";
  return `No job is ${JOB_STATE_WORDS[state].word.toLowerCase()}.`;
}
