"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { Worker, WorkerList } from "../../server/queues/schema/index.ts";
import { CodeBlock } from "../data/code.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { formatCount, formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import type { Standing } from "../data/standing.ts";
import { StatusText, type State } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Card, Page, Panel } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { queueHref } from "./queue-href.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import styles from "./jobs.module.css";

/** What a busy team should reach: share of places in use while more waits. */
const EFFICIENCY_GOAL = 0.9;
const START = "npm run worker";

function standing({ running, isStopping, places }: Worker): { word: string; state: State } {
  if (isStopping) return { word: "Stopping", state: "warn" };
  if (running.length === 0) return { word: "Idle", state: "ok" };
  return { word: `${running.length} of ${places} busy`, state: "maintenance" };
}

const COLUMNS: readonly Column<Worker>[] = [
  { id: "worker", header: "Worker", width: 200, phone: true, cell: (row) => <code className={styles.cut}>{`${row.host}:${row.pid}`}</code> },
  { id: "state", header: "State", width: 130, phone: true, cell: (row) => <StatusText state={standing(row).state}>{standing(row).word}</StatusText> },
  { id: "now", header: "Runs now", wide: true, cell: (row) => <RunsNow worker={row} /> },
  { id: "done", header: "Done", width: 80, align: "right", cell: (row) => formatCount(row.done) },
  { id: "failed", header: "Failed", width: 72, align: "right", cell: (row) => formatCount(row.failed) },
  { id: "busy", header: "Busy", width: 72, align: "right", wide: true, cell: (row) => formatPercent(row.busy, 0) },
  { id: "efficiency", header: "Efficiency", width: 92, align: "right", phone: true, cell: (row) => (row.efficiency === null ? "–" : formatPercent(row.efficiency, 0)) },
  { id: "version", header: "Version", width: 80, wide: true, cell: (row) => row.version },
  { id: "started", header: "Started", width: 128, align: "right", wide: true, cell: (row) => <RelativeTime at={row.startedAt} /> },
];

const SHOWN = 3;

function RunsNow({ worker: { running } }: { worker: Worker }) {
  if (running.length === 0) return <span className="sw-dim">nothing</span>;
  return (
    <span className={styles.cut}>
      {running.slice(0, SHOWN).map((job, place) => (
        <span key={job.id}>
          {place > 0 ? ", " : ""}
          <Link href={`${queueHref({ connection: "own", queue: job.queue })}?state=active&job=${job.id}`}>{job.queue}</Link> since <RelativeTime at={job.since} />
        </span>
      ))}
      {running.length > SHOWN ? ` and ${running.length - SHOWN} more` : ""}
    </span>
  );
}

function sentenceOf({ items, efficiency }: WorkerList): Standing {
  if (items.length === 0) return { tone: "fail", lead: "No worker runs.", rest: "Jobs wait until one is started." };
  const busy = items.reduce((sum, row) => sum + row.running.length, 0);
  const rest = efficiency === null ? "No worker has had more to do than it could hold." : `Efficiency ${formatPercent(efficiency, 0)} while more waited than they could hold; the goal is ${formatPercent(EFFICIENCY_GOAL, 0)}.`;
  return { tone: efficiency !== null && efficiency < EFFICIENCY_GOAL ? "warn" : "ok", lead: `${plural(items.length, "worker")}, ${plural(busy, "job")} running.`, rest };
}

/** The processes that run the console's jobs. */
export function WorkersView() {
  const trpc = useTRPC();
  const density = useDensity();
  const query = useQuery(trpc.queues.workers.queryOptions({}));
  const { at } = useFreshness(query);
  return (
    <Page title="Workers" sentence={query.data && sentenceOf(query.data)} tabs={<QueuesTabs />}>
      {query.data?.items.length === 0 ? (
        <Panel label="No worker">
          <EmptyState title="No worker runs" sentence="Start one on this machine or any other that reaches the database. It appears here within ten seconds." snippets={[{ name: "Shell", code: START }]} listening="Listening, this page changes when a worker starts" />
        </Panel>
      ) : (
        <>
          <DataTable label="Workers" noun="worker" columns={COLUMNS} rows={query.data?.items} rowId={(row) => row.id} density={density} error={query.error} onRetry={() => void query.refetch()} footer={at} />
          <Card title="More workers" footer={{ source: "Each takes jobs as soon as it is up; none is taken twice. Places for each kind of job are set on its queue." }}>
            <CodeBlock label="Start a worker" code={START} />
          </Card>
        </>
      )}
    </Page>
  );
}
