"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { Queue } from "../../server/queues/schema/index.ts";
import { DataTable, type Column, type Sort } from "../data/data-table.tsx";
import { formatDuration } from "../data/duration.ts";
import { FilterBar } from "../data/filter-bar.tsx";
import { formatCount } from "../data/format.ts";
import { Sparkline } from "../data/sparkline.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { queuesSentence } from "./queues-sentence.ts";
import { queueHref } from "./queue-href.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import { readQueueSort, sortQueues } from "./queue-order.ts";
import { QueuesSummaryCard } from "./summary-card.tsx";
import styles from "./queues.module.css";

const bad = (count: number) => (count > 0 ? <span className={styles.bad}>{formatCount(count)}</span> : formatCount(count));

const COLUMNS: readonly Column<Queue>[] = [
  { id: "name", header: "Queue", phone: true, sortable: true, hideable: false, cell: (queue) => <code>{queue.name}</code> },
  { id: "waiting", header: "Waiting", align: "right", width: 84, phone: true, sortable: true, cell: (queue) => formatCount(queue.counts.waiting) },
  { id: "active", header: "Running", align: "right", width: 84, sortable: true, cell: (queue) => formatCount(queue.counts.active) },
  { id: "delayed", header: "Delayed", align: "right", width: 84, wide: true, sortable: true, cell: (queue) => formatCount(queue.counts.delayed) },
  { id: "dead", header: "Dead", align: "right", width: 72, phone: true, sortable: true, cell: (queue) => bad(queue.counts.dead) },
  { id: "oldest", header: "Oldest waiting", align: "right", width: 128, sortable: true, cell: (queue) => (queue.oldestWaitingMs === null ? "–" : formatDuration(queue.oldestWaitingMs)) },
  { id: "depth", header: "Depth, 24 h", width: 112, wide: true, cell: (queue) => <Sparkline values={queue.sparkline} width={88} label={`Depth of ${queue.name}, last 24 h`} /> },
  { id: "failed", header: "Failed, 1 h", align: "right", width: 96, sortable: true, cell: (queue) => bad(queue.failedLastHour) },
  { id: "done", header: "Done, 1 h", align: "right", width: 96, wide: true, sortable: true, cell: (queue) => formatCount(queue.completedLastHour) },
];

/** Every queue with its counts; Enter or a click opens its jobs. */
export function QueuesView() {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const [filter, setFilter] = useUrlState("q");
  const [sortText, setSortText] = useUrlState("sort");
  const query = useQuery(trpc.queues.list.queryOptions({}));
  const { data: summary } = useQuery(trpc.queues.summary.queryOptions({ range: "24h" }));
  const { at } = useFreshness(query);
  const sort = readQueueSort(sortText);
  const setSort = (next: Sort) => setSortText(`${next.by}:${next.direction}`);
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    const found = query.data?.items.filter((queue) => queue.name.toLowerCase().includes(words));
    return found && sortQueues(found, readQueueSort(sortText));
  }, [query.data, filter, sortText]);
  return (
    <Page title="Queues" sentence={summary && queuesSentence(summary)} tabs={<QueuesTabs />}>
      <div className={styles.filters}>
        <div className={styles.search}>
          <FilterBar label="Filter queues" value={filter} onChange={setFilter} qualifiers={[]} placeholder="name" matches={rows?.length} />
        </div>
      </div>
      <DataTable
        label="Queues"
        noun="queue"
        columns={COLUMNS}
        rows={rows}
        rowId={(queue) => `${queue.connection}/${queue.name}`}
        sort={sort}
        onSort={setSort}
        onOpen={(queue) => router.push(queueHref({ connection: queue.connection, queue: queue.name }))}
        density={density}
        total={query.data?.items.length}
        error={query.error}
        onRetry={() => void query.refetch()}
        footer={at}
      />
      <QueuesSummaryCard isLinked={false} />
    </Page>
  );
}
