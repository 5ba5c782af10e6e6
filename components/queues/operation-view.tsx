"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { Bulk } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { StatusBadge } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Card, Page, Panel } from "../shell/page.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useTRPC } from "../trpc/client.tsx";
import { BULK_WORDS, isOver, statusSentence } from "./operation-figures.ts";
import { OperationProgress } from "./operation-progress.tsx";
import { operationWord } from "./operation-words.ts";
import { queueHref } from "./queue-href.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import styles from "./jobs.module.css";

/** One operation: how far it is, how fast, and what it left as it was. */
export function OperationView({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.queues.operation.queryOptions({ id }));
  const { at } = useFreshness(query);
  const { data, error } = query;
  if (!data) {
    return (
      <Page title="Operation" tabs={<QueuesTabs />}>
        <Panel label="Operation">{error ? <ErrorState title="This operation could not be read" what={describeError(error).message} onRetry={() => void query.refetch()} /> : <p className={styles.empty}>Loading</p>}</Panel>
      </Page>
    );
  }
  const { word, state } = BULK_WORDS[data.status];
  const lead = data.reason ? `${data.startedBy}: ${data.reason}.` : `Started by ${data.startedBy}.`;
  const said = statusSentence(data);
  return (
    <Page title={`${operationWord(data.operation, undefined)}: ${data.queue}`} badge={<StatusBadge state={state}>{word}</StatusBadge>} sentence={{ tone: state, lead, rest: `${said.charAt(0).toUpperCase()}${said.slice(1)}.` }} tabs={<QueuesTabs />}>
      <Card title="Progress" footer={{ source: "Counted with each step", at }}>
        <OperationProgress operation={data} isLinked={false} />
      </Card>
      <Figures operation={data} />
      <Card title="What it was asked">
        <Facts rows={factsOf(data)} />
      </Card>
      <LeftAlone id={id} isOver={isOver(data)} />
    </Page>
  );
}

function Figures({ operation }: { operation: Bulk }) {
  const { done, already, missing, refused, rate } = operation;
  return (
    <KeyFigures
      label="Results"
      figures={[
        { label: "Done", value: formatCount(done) },
        { label: "Were so already", value: formatCount(already) },
        { label: "Gone before", value: formatCount(missing) },
        { label: "Left as they were", value: formatCount(refused), ...(refused > 0 ? { state: "warn" as const } : {}) },
        { label: "A second", value: rate === null ? "–" : formatCount(rate) },
      ]}
    />
  );
}

function factsOf(operation: Bulk) {
  const { connection, queue, isSelection, state, filter, perSecond, mostRedrives, priority, createdAt, startedAt, finishedAt } = operation;
  return [
    ["Queue", <Link key="queue" href={queueHref({ connection, queue })}>{queue}</Link>],
    ["Jobs", isSelection ? "picked one by one" : `all in state ${state}${filter ? `, filter ${filter}` : ""}`],
    ["At most a second", perSecond === null ? "no limit" : formatCount(perSecond)],
    ...(operation.operation === "redrive" ? [["Stops at", `letters that came back ${mostRedrives} times`] as const] : []),
    ...(priority === null ? [] : [["Priority", String(priority)] as const]),
    ["Asked for", <RelativeTime key="created" at={createdAt} />],
    ["Began", <RelativeTime key="started" at={startedAt} never="not yet" />],
    ["Ended", <RelativeTime key="finished" at={finishedAt} never="not yet" />],
  ] as const;
}

type Item = { jobId: string; result: string; reason: string | null };
const COLUMNS: readonly Column<Item>[] = [
  { id: "job", header: "Job", width: 200, phone: true, cell: (item) => <code className={styles.cut} title={item.jobId}>{item.jobId}</code> },
  { id: "why", header: "Why", phone: true, cell: (item) => item.reason ?? item.result },
];

/** Jobs it reached and did not change; nothing while there is none. */
function LeftAlone({ id, isOver: isEnded }: { id: string; isOver: boolean }) {
  const trpc = useTRPC();
  const density = useDensity();
  const query = useInfiniteQuery(trpc.queues.operationItems.infiniteQueryOptions({ id, limit: 50 }, { getNextPageParam: nextCursor }));
  const items = pagedRows<Item>(query);
  if (!items.rows || items.rows.length === 0) return null;
  return (
    <Card title="Left as they were" footer={{ source: isEnded ? "Complete" : "So far" }}>
      <DataTable label="Jobs left as they were" noun="job" columns={COLUMNS} rowId={(item) => item.jobId} density={density} bare {...items} />
    </Card>
  );
}
