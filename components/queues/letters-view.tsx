"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { LetterPile, LetterPiles } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import type { Standing } from "../data/standing.ts";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { QuarantineTable } from "./quarantine-table.tsx";
import { queueHref } from "./queue-href.ts";
import { asSentence } from "./rule-words.ts";
import { QueuesTabs } from "./queues-tabs.tsx";
import { StartOperation } from "./start-operation.tsx";
import styles from "./jobs.module.css";

const COLUMNS: readonly Column<LetterPile>[] = [
  { id: "queue", header: "Queue", phone: true, cell: (pile) => <code className={styles.cut}>{pile.queue}</code> },
  { id: "connection", header: "Connection", width: 140, wide: true, cell: (pile) => pile.connectionName },
  { id: "count", header: "Letters", width: 88, align: "right", phone: true, cell: (pile) => formatCount(pile.count) },
  { id: "newest", header: "Newest", width: 128, align: "right", cell: (pile) => <RelativeTime at={pile.newest?.finishedAt ?? pile.newest?.createdAt ?? null} never="–" /> },
  { id: "error", header: "Its error", wide: true, cell: (pile) => <code className={styles.cut} title={pile.newest?.error ?? ""}>{pile.newest?.error ?? "not told by this system"}</code> },
];

const idOf = (pile: LetterPile) => `${pile.connection}/${pile.queue}`;
const stateHref = (pile: LetterPile) => `${queueHref(pile)}?state=${pile.state}`;

function sentenceOf({ items, unreachable }: LetterPiles): Standing {
  const letters = items.reduce((sum, pile) => sum + pile.count, 0);
  const away = unreachable.map(({ name, problem }) => `${name} could not be asked: ${asSentence(problem)}`).join(" ");
  if (letters === 0) return unreachable.length > 0 ? { tone: "unknown", lead: "Not everything could be asked.", rest: away } : { tone: "ok", lead: "No dead letter waits.", rest: "Jobs come here when their last attempt failed." };
  return { tone: "warn", lead: `${plural(letters, "job")} in ${plural(items.length, "queue")} wait for a decision.`, rest: away || `Most in ${items[0]?.queue ?? ""}.` };
}

/** Dead letters of every connection, by queue, with the way back to where they came from. */
export function LettersView() {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const mayEdit = useMay("editor");
  const query = useQuery(trpc.queues.deadLetters.queryOptions({}));
  const { at } = useFreshness(query);
  const [sending, send] = useState<LetterPile | null>(null);
  const columns = mayEdit ? [...COLUMNS, actColumn(send)] : COLUMNS;
  return (
    <Page title="Dead letters" sentence={query.data && sentenceOf(query.data)} tabs={<QueuesTabs />}>
      <DataTable
        label="Dead letters"
        noun="queue"
        columns={columns}
        rows={query.data?.items}
        rowId={idOf}
        onOpen={(pile) => router.push(stateHref(pile))}
        density={density}
        error={query.error}
        onRetry={() => void query.refetch()}
        footer={at}
        empty={<p className={styles.empty}>No queue has dead letters. A job becomes one when its last attempt failed; from here it goes back to the queue it came from.</p>}
      />
      <QuarantineTable />
      {sending ? <SendBack pile={sending} onClose={() => send(null)} /> : null}
    </Page>
  );
}

function actColumn(send: (pile: LetterPile) => void): Column<LetterPile> {
  return {
    id: "act",
    header: "Actions",
    hiddenHeader: true,
    width: 112,
    align: "right",
    phone: true,
    cell: (pile) =>
      pile.neverRetry === null ? (
        <Button size="compact-xs" variant="default" aria-label={`Send back ${pile.queue}`} onClick={() => send(pile)}>
          {pile.state === "dead" ? "Send back" : "Retry"}
        </Button>
      ) : (
        <span className={styles.quiet} title={pile.neverRetry}>
          never retried
        </span>
      ),
  };
}

/** A preview first: counted anew, with what speaks against it. */
function SendBack({ pile, onClose }: { pile: LetterPile; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const of = { connection: pile.connection, queue: pile.queue };
  const operation = pile.state === "dead" ? ("redrive" as const) : ("retry" as const);
  const { data: preview } = useQuery(trpc.queues.previewOperation.queryOptions({ ...of, state: pile.state, filter: "", operation }));
  const target = { of, state: pile.state, filter: "", ids: null, count: preview?.count ?? pile.count, isExact: preview?.isExact ?? true };
  return <StartOperation operation={operation} target={target} kind={undefined} preview={preview} onClose={onClose} onStarted={({ id }) => router.push(`/queues/operations/${id}`)} />;
}
