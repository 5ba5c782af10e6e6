"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import type { Summary } from "../../server/queues/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, plural } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import type { State } from "../data/status.tsx";
import { Legend, TimeSeries } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { depthSeries, queueRange } from "./depth-series.ts";
import styles from "./queues.module.css";

const CHART_HEIGHT = 184;
/** A job that waits this long although workers are there is worth a colour. */
const LONG_WAIT_MS = 5 * 60_000;

/** All queues over time: depth by queue, oldest waiting, failed and done, and what the rules say. */
export function QueuesSummaryCard({ isLinked = true }: { isLinked?: boolean }) {
  const trpc = useTRPC();
  const range = useTimeRange();
  const setRange = useSetTimeRange();
  const query = useQuery(trpc.queues.summary.queryOptions(queueRange(range), { placeholderData: keepPreviousData }));
  const { data, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  const chart = data ? depthSeries(data) : null;
  return (
    <Card
      title="Queue depth"
      aside={
        isLinked ? (
          <Link href="/queues" className="sw-link">
            Queues <IconChevronRight size={12} aria-hidden />
          </Link>
        ) : null
      }
      footer={{ source: data ? sourceOf(data) : "Queues", at }}
      isStale={isStale}
    >
      {data && chart ? (
        <>
          <Figures summary={data} />
          <div className={styles.legend}>
            <Legend series={chart.series.toReversed()} />
          </div>
          <TimeSeries
            label="Jobs to be done, by queue"
            points={chart.points}
            series={chart.series}
            range={{ from: range.from.getTime(), to: range.to.getTime() }}
            format={formatCount}
            height={CHART_HEIGHT}
            onZoom={({ from, to }) => setRange({ from: new Date(from), to: new Date(to) })}
          />
        </>
      ) : error ? (
        <ErrorState title="The queue could not be read" what={describeError(error).message} kept="Jobs still run." onRetry={() => void refetch()} />
      ) : (
        <SkeletonBlock height={CHART_HEIGHT + 56} />
      )}
    </Card>
  );
}

function sourceOf({ connections, workers, down }: Summary): string {
  if (down.length > 0) return `${down.map(({ name }) => name).join(", ")} ${down.length === 1 ? "does" : "do"} not answer`;
  return connections === 1 ? `Own queue, ${plural(workers, "worker")}` : `${plural(connections, "connection")}, ${plural(workers, "own worker")}`;
}

function Figures({ summary }: { summary: Summary }) {
  const { oldestWaitingMs: oldest } = summary;
  const oldestState: State | undefined = summary.isStalled ? "fail" : oldest !== null && oldest > LONG_WAIT_MS ? "warn" : undefined;
  return (
    <dl className={styles.figures}>
      <Figure label="Waiting now" value={formatCount(summary.totals.waiting)} />
      <Figure label="Oldest waiting" value={oldest === null ? "none" : formatDuration(oldest)} state={oldestState} />
      <Figure label="Failed, last hour" value={formatCount(summary.failedLastHour)} state={summary.failedLastHour > 0 ? "fail" : undefined} />
      <Figure label="Queues with a problem" value={formatCount(summary.critical + summary.warn)} state={summary.critical > 0 ? "fail" : summary.warn > 0 ? "warn" : undefined} />
      <Figure label="Done, last hour" value={formatCount(summary.completedLastHour)} />
    </dl>
  );
}

function Figure({ label, value, state }: { label: string; value: string; state?: State }) {
  return (
    <div>
      <dt className={styles.figureLabel}>{label}</dt>
      <dd className={styles.figure} data-state={state}>
        {value}
      </dd>
    </div>
  );
}
