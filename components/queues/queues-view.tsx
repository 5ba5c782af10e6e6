"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { Summary } from "../../server/queues/schema/index.ts";
import { DataTable, type Sort } from "../data/data-table.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { QUEUE_COLUMNS } from "./queue-columns.tsx";
import { filterQueues, levelChip, levelChips, queueQualifiers, withLevel } from "./queue-filter.ts";
import { queueHref } from "./queue-href.ts";
import { readQueueSort, sortQueues } from "./queue-order.ts";
import { queuesSentence } from "./queues-sentence.ts";
import { asSentence } from "./rule-words.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import { QueuesSummaryCard } from "./summary-card.tsx";
import styles from "./queues.module.css";

/** Every queue of every connection, problems first; Enter or a click opens its jobs. */
export function QueuesView() {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const [filter, setFilter] = useUrlState("q");
  const [sortText, setSortText] = useUrlState("sort");
  const query = useQuery(trpc.queues.list.queryOptions({}));
  const { data: summary } = useQuery(trpc.queues.summary.queryOptions({ range: "24h" }));
  const { at } = useFreshness(query);
  const all = query.data?.items;
  const rows = useMemo(() => all && sortQueues(filterQueues(all, filter), readQueueSort(sortText)), [all, filter, sortText]);
  const setSort = (next: Sort) => setSortText(`${next.by}:${next.direction}`);
  return (
    <Page title="Queues" sentence={summary && queuesSentence(summary)} tabs={<QueuesTabs />}>
      <Unreachable down={summary?.down ?? []} />
      <div className={styles.filters}>
        <FilterChips label="State" options={levelChips(all)} value={levelChip(filter)} onChange={(chip) => setFilter(withLevel(filter, chip))} />
        <div className={styles.search}>
          <FilterBar label="Filter queues" value={filter} onChange={setFilter} qualifiers={queueQualifiers(all)} placeholder="name, connection:shop" matches={rows?.length} />
        </div>
      </div>
      <DataTable
        label="Queues"
        noun="queue"
        columns={QUEUE_COLUMNS}
        rows={rows}
        rowId={(queue) => `${queue.connection}/${queue.name}`}
        sort={readQueueSort(sortText)}
        onSort={setSort}
        onOpen={(queue) => router.push(queueHref({ connection: queue.connection, queue: queue.name }))}
        density={density}
        total={all?.length}
        error={query.error}
        onRetry={() => void query.refetch()}
        footer={at}
      />
      <QueuesSummaryCard isLinked={false} />
    </Page>
  );
}

/** Connections that do not answer; their queues are shown as last known. */
function Unreachable({ down }: { down: Summary["down"] }) {
  return down.map(({ id, name, since, problem }) => (
    <p key={id} className={styles.down}>
      <StatusIcon state="fail" /> {name} does not answer since <RelativeTime at={since} suffix="" />. {problem === null ? "" : asSentence(problem)} Its queues are shown as last known, and it is tried again by itself.
    </p>
  ));
}
