"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Quarantined } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { useDensity } from "../shell/density.ts";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { queueHref } from "./queue-href.ts";
import styles from "./jobs.module.css";

const COLUMNS: readonly Column<Quarantined>[] = [
  { id: "job", header: "Job", width: 128, phone: true, cell: (job) => <code title={job.jobId}>{job.jobId.slice(0, 12)}</code> },
  { id: "queue", header: "Queue", phone: true, cell: (job) => <code className={styles.cut}>{job.queue}</code> },
  { id: "deaths", header: "Workers ended", width: 120, align: "right", cell: (job) => job.deaths },
  { id: "at", header: "Put aside", width: 128, align: "right", phone: true, cell: (job) => <RelativeTime at={job.at} /> },
];

/** Own jobs that were put aside because three workers ended while they ran them; nothing while there is none. */
export function QuarantineTable() {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const { data } = useQuery(trpc.queues.quarantine.queryOptions({}));
  if (!data || data.items.length === 0) return null;
  const open = (job: Quarantined) => router.push(`${queueHref({ connection: "own", queue: job.queue })}?state=dead&job=${job.jobId}`);
  return (
    <Card title="Put aside" footer={{ source: "Three workers ended while they ran these jobs. They run again once somebody releases them." }}>
      <DataTable label="Jobs put aside" noun="job" columns={COLUMNS} rows={data.items} rowId={(job) => job.jobId} onOpen={open} density={density} bare plain />
    </Card>
  );
}
