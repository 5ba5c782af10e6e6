"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration, formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusBadge, StatusIcon } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { CardGrid, GridCell, Page, Panel } from "../shell/page.tsx";
import { useTimeRange } from "../shell/time-range.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { queueRange } from "./depth-series.ts";
import { JobsSection } from "./jobs-section.tsx";
import { QueueCharts } from "./queue-charts.tsx";
import { QueueActions } from "./queue-actions.tsx";
import { queueSentence } from "./queues-sentence.ts";
import { asSentence, LEVEL_WORDS } from "./rule-words.ts";
import { RulesCard } from "./rules-card.tsx";
import { InsideCard, SchedulesCard } from "./schedules-card.tsx";
import styles from "./queues.module.css";

/** One queue: figures, depth over time, and its jobs by state with a panel for each. */
export function QueueView({ of }: { of: QueueRef }) {
  const name = of.queue;
  const trpc = useTRPC();
  const range = useTimeRange();
  const query = useQuery(trpc.queues.get.queryOptions({ ...of, ...queueRange(range) }, { placeholderData: keepPreviousData }));
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
      {data?.problem ? (
        <p className={styles.down}>
          <StatusIcon state="fail" /> {data.connectionName} could not be asked: {asSentence(data.problem)} The figures are from <RelativeTime at={data.readAt} />.
        </p>
      ) : null}
      {data ? <Figures queue={data} /> : null}
      <JobsSection of={of} queue={data} />
      {data ? <QueueCharts queue={data} at={freshness.at} stale={freshness.isStale} /> : null}
      {data ? (
        <CardGrid>
          <GridCell span={6}>
            <RulesCard queue={data} at={freshness.at} />
          </GridCell>
          <GridCell span={6}>
            <InsideCard queue={data} at={freshness.at} />
          </GridCell>
        </CardGrid>
      ) : null}
      {data ? <SchedulesCard queue={data} /> : null}
    </Page>
  );
}

function QueueTags({ queue }: { queue: QueueDetail }) {
  const { word, state } = LEVEL_WORDS[queue.level];
  return (
    <>
      <StatusBadge state={state}>{word}</StatusBadge>
      <Tag>{queue.connectionName}</Tag>
      {queue.isPaused ? <Tag strong>paused</Tag> : null}
      {queue.rateCap === null ? null : <Tag strong>at most {formatCount(queue.rateCap)} a second</Tag>}
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
        { label: "Run time p95, last hour", value: formatMilliseconds(queue.run.p95) },
        { label: "Dead letters", value: formatCount(counts.dead), ...(counts.dead > 0 ? { state: "fail" as const } : {}) },
      ]}
    />
  );
}
