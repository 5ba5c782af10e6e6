"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Consumer, Trend } from "../../server/limits/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { formatCount } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { ChartSkeleton, Legend, TimeSeries, type Series } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useSetTimeRange, useTimeRange } from "../shell/time-range.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { ShareBar } from "./share-bar.tsx";
import { LIMITS_REFRESH_MS } from "./summary-card.tsx";
import styles from "./limits.module.css";

const CHART_HEIGHT = 220;
const SERIES: Series[] = [
  { key: "allowed", label: "Allowed" },
  { key: "refused", label: "Refused" },
];
const NEAR_CHIPS = [
  { value: "", label: "Most calls" },
  { value: "near", label: "Near or over a limit" },
];

const COLUMNS: Column<Consumer>[] = [
  {
    id: "caller",
    header: "Caller",
    phone: true,
    cell: (consumer) => (
      <span className={styles.two}>
        <b className={consumer.kind === "user" ? undefined : "sw-mono"}>{consumer.label}</b>
        {consumer.label === consumer.caller ? null : <span className={styles.quiet}>{consumer.caller}</span>}
      </span>
    ),
  },
  { id: "tier", header: "Tier", width: 72, cell: (consumer) => consumer.tier },
  { id: "peak", header: "Of limit", width: 132, phone: true, cell: (consumer) => <ShareBar consumer={consumer} /> },
  { id: "allowed", header: "Calls", align: "right", width: 84, cell: (consumer) => formatCount(consumer.allowed + consumer.refused) },
  { id: "refused", header: "Refused", align: "right", width: 84, phone: true, cell: (consumer) => formatCount(consumer.refused) },
  { id: "last", header: "Last", align: "right", width: 104, wide: true, cell: (consumer) => <RelativeTime at={consumer.lastAt} /> },
];

/** Who calls most, or who is near a limit. */
export function ConsumersCard() {
  const trpc = useTRPC();
  const { from, to, label } = useTimeRange();
  const [near, setNear] = useUrlState("callers");
  const query = useQuery(
    trpc.limits.usage.queryOptions({ from, to, near: near === "near" ? "true" : "false" }, { refetchInterval: LIMITS_REFRESH_MS, placeholderData: keepPreviousData }),
  );
  const { isStale, at } = useFreshness(query);
  return (
    <Card title="Top consumers" aside={<FilterChips label="Callers" options={NEAR_CHIPS} value={near} onChange={setNear} />} footer={{ source: `Calls by minute, ${label.toLowerCase()}`, at }} isStale={isStale}>
      <div className={styles.flush}>
        <DataTable
          label="Top consumers"
          noun="caller"
          columns={COLUMNS}
          rows={query.data?.items}
          rowId={(consumer) => `${consumer.caller} ${consumer.tier}`}
          density="comfortable"
          error={query.error}
          onRetry={() => void query.refetch()}
          empty={<p className={styles.empty}>{near === "near" ? "Nobody came near a limit." : "Nobody called in this time."}</p>}
          bare
          plain
        />
      </div>
    </Card>
  );
}

/** Steps without a call count as none, so that lines fall to zero between bursts; the step that still runs is left out. */
export function filledPoints({ points, stepSeconds }: Trend, range: { from: Date; to: Date }): { at: number; allowed: number; refused: number }[] {
  const step = stepSeconds * 1_000;
  const known = new Map(points.map(({ at, allowed, refused }) => [at.getTime(), { allowed, refused }]));
  const first = Math.ceil(range.from.getTime() / step) * step;
  const filled = [];
  for (let at = first; at + step <= range.to.getTime(); at += step) filled.push({ at, allowed: 0, refused: 0, ...known.get(at) });
  return filled;
}

/** Calls and refusals over time. */
export function TrendCard() {
  const trpc = useTRPC();
  const { from, to, label } = useTimeRange();
  const setRange = useSetTimeRange();
  const query = useQuery(trpc.limits.trend.queryOptions({ from, to }, { refetchInterval: LIMITS_REFRESH_MS, placeholderData: keepPreviousData }));
  const { isStale, at } = useFreshness(query);
  const { data, error, refetch } = query;
  return (
    <Card title="Calls and refusals" aside={<Legend series={SERIES} />} footer={{ source: `All processes, ${label.toLowerCase()}`, at }} isStale={isStale}>
      {data ? (
        <TimeSeries label="Calls and refusals" points={filledPoints(data, { from, to })} series={SERIES} range={{ from: from.getTime(), to: to.getTime() }} format={formatCount} height={CHART_HEIGHT} onZoom={(next) => setRange({ from: new Date(next.from), to: new Date(next.to) })} />
      ) : error ? (
        <ErrorState title="Usage could not be read" what={describeError(error).message} kept="Limits are still in force." onRetry={() => void refetch()} />
      ) : (
        <ChartSkeleton height={CHART_HEIGHT} />
      )}
    </Card>
  );
}
