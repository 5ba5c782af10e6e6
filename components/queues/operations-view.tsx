"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Bulk } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatCount, formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useTRPC } from "../trpc/client.tsx";
import { OPERATIONS_LIMIT } from "./list-limits.ts";
import { BULK_WORDS, isOver, progressOf } from "./operation-figures.ts";
import { operationWord } from "./operation-words.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import styles from "./jobs.module.css";

const COLUMNS: readonly Column<Bulk>[] = [
  { id: "what", header: "What", width: 112, phone: true, cell: (row) => operationWord(row.operation, undefined) },
  { id: "queue", header: "Queue", phone: true, cell: (row) => <code className={styles.cut}>{row.queue}</code> },
  { id: "status", header: "State", width: 128, phone: true, cell: (row) => <StatusText state={BULK_WORDS[row.status].state}>{BULK_WORDS[row.status].word}</StatusText> },
  { id: "progress", header: "Reached", width: 150, align: "right", cell: (row) => reachedWords(row) },
  { id: "done", header: "Done", width: 88, align: "right", cell: (row) => formatCount(row.done) },
  { id: "why", header: "Why", wide: true, cell: (row) => (row.reason ? <span className={styles.cut}>{row.reason}</span> : <span className="sw-dim">not said</span>) },
  { id: "who", header: "By", width: 120, wide: true, cell: (row) => <span className={styles.cut}>{row.startedBy}</span> },
  { id: "at", header: "Started", width: 128, align: "right", cell: (row) => <RelativeTime at={row.createdAt} /> },
];

function reachedWords(row: Bulk): string {
  const share = progressOf(row);
  return `${formatCount(row.reached)}${row.total === null ? "" : ` of ${formatCount(row.total)}`}${share === null || isOver(row) ? "" : `, ${formatPercent(share, 0)}`}`;
}

/** Operations on many jobs, newest first. */
export function OperationsView() {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const query = useInfiniteQuery(trpc.queues.operations.infiniteQueryOptions({ limit: OPERATIONS_LIMIT }, { getNextPageParam: nextCursor }));
  const { at } = useFreshness(query);
  const open = query.data?.pages[0]?.items.filter((row) => !isOver(row)).length ?? 0;
  return (
    <Page
      title="Operations"
      sentence={query.data && { tone: open > 0 ? "maintenance" : "ok", lead: open > 0 ? `${plural(open, "operation")} under way.` : "No operation is under way.", rest: "Each acts on a job at most once and is kept for thirty days." }}
      tabs={<QueuesTabs />}
    >
      <DataTable
        label="Operations"
        noun="operation"
        columns={COLUMNS}
        rowId={(row) => row.id}
        onOpen={(row) => router.push(`/queues/operations/${row.id}`)}
        density={density}
        footer={at}
        empty={<p className={styles.empty}>No operation yet. Select jobs in a queue, or send back dead letters, and follow it here.</p>}
        {...pagedRows(query)}
      />
    </Page>
  );
}
