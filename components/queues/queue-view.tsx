"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { Tag } from "../data/tags.tsx";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card, Page, Panel } from "../shell/page.tsx";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { queueRange } from "./depth-series.ts";
import { JobsSection } from "./jobs-section.tsx";
import { QueueActions } from "./queue-actions.tsx";
import { queueSentence } from "./queues-sentence.ts";

const CHART_HEIGHT = 200;
const SERIES = [
  { key: "active", label: "running", kind: "area", tone: 3 },
  { key: "delayed", label: "delayed", kind: "area", tone: 2 },
  { key: "waiting", label: "waiting", kind: "area", tone: 1 },
] as const;

/** One queue: figures, depth over time, and its jobs by state with a panel for each. */
export function QueueView({ of }: { of: QueueRef }) {
  const name = of.queue;
  const trpc = useTRPC();
  const { key } = useTimeRange();
  const query = useQuery(trpc.queues.get.queryOptions({ ...of, range: queueRange(key) }, { placeholderData: keepPreviousData }));
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
    <Page title={name} tags={data ? <QueueTags queue={data} /> : null} actions={data ? <QueueActions queue={data} /> : null} sentence={data && queueSentence(data)}>
      {data ? <Figures queue={data} /> : null}
      <JobsSection of={of} queue={data} />
      {data ? <DepthCard queue={data} at={freshness.at} stale={freshness.isStale} /> : null}
    </Page>
  );
}

function QueueTags({ queue }: { queue: QueueDetail }) {
  return (
    <>
      {queue.isPaused ? <Tag>paused</Tag> : null}
      {queue.schedules.map(({ key, line, zone }) => (
        <Tag key={key}>
          {line} {zone}
        </Tag>
      ))}
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
