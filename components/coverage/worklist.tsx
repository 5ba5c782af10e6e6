"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { WorkItem } from "../../server/coverage/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatCount, formatNumber } from "../data/format.ts";
import { useTRPC } from "../trpc/client.tsx";
import { formatCovered } from "./words.ts";
import styles from "./coverage.module.css";

const LIMIT = 50;

const COLUMNS: Column<WorkItem>[] = [
  { id: "path", header: "File", phone: true, cell: ({ path, service }) => <span className={styles.name}><span className={styles.path}>{path}</span><span className={styles.quiet}>{service}</span></span> },
  { id: "percent", header: "Now", align: "right", width: 90, phone: true, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent)}</span> },
  { id: "goal", header: "Goal", align: "right", width: 80, cell: ({ goal }) => <span className={styles.number}>{goal} %</span> },
  { id: "uncovered", header: "Uncovered", align: "right", width: 100, cell: ({ uncovered }) => <span className={styles.number}>{formatCount(uncovered)}</span> },
  { id: "gain", header: "Gain at the goal", align: "right", width: 130, cell: ({ gain }) => <span className={styles.number}>+{formatNumber(gain, 2)} points</span> },
];

/** The files below their goal, those first whose tests would gain the whole service most. */
export function Worklist() {
  const trpc = useTRPC();
  const router = useRouter();
  const query = useInfiniteQuery(trpc.coverage.worklist.infiniteQueryOptions({ limit: LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined }));
  return (
    <DataTable
      label="Files to test next"
      noun="file"
      columns={COLUMNS}
      rows={query.data?.pages.flatMap(({ items }) => items)}
      rowId={({ slug, path }) => `${slug} ${path}`}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty={<p className={styles.quiet}>Every file of every service is at its goal.</p>}
      onOpen={({ slug, path }) => router.push(`/coverage/${slug}?tab=files&file=${encodeURIComponent(path)}`)}
      total={query.data?.pages[0]?.total}
      hasMore={query.hasNextPage}
      onMore={() => void query.fetchNextPage()}
      loadingMore={query.isFetchingNextPage}
    />
  );
}
