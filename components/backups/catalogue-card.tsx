"use client";
import { Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconLock, IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import type { PlanDetail, RetentionPreview, RunRow } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatDuration } from "../data/duration.ts";
import { EmptyState } from "../data/empty-state.tsx";
import { formatSize } from "../data/format.ts";
import { StatusText } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useTRPC } from "../trpc/client.tsx";
import { CATALOGUE_LIMIT } from "./inputs.ts";
import { momentIn, RUN_STATE, RUN_WORD } from "./words.ts";
import styles from "./backups.module.css";

type Decisions = Map<string, { goes: boolean; rule: string }>;

const SECOND_MS = 1_000;

function columnsFor(timeZone: string, storeId: string, decisions: Decisions): readonly Column<RunRow>[] {
  return [
    { id: "taken", header: "Taken", phone: true, width: 156, cell: (row) => momentIn(row.dataAsOf ?? row.occurrenceAt ?? row.requestedAt, timeZone) },
    { id: "proof", header: "Proof", phone: true, width: 112, cell: (row) => <StatusText state={RUN_STATE[row.state]}>{RUN_WORD[row.state]}</StatusText> },
    { id: "size", header: "Size", align: "right", width: 84, phone: true, cell: (row) => (row.bytes === null ? "–" : formatSize(row.bytes)) },
    { id: "took", header: "Took", align: "right", width: 112, cell: (row) => (row.seconds === null ? "–" : formatDuration(row.seconds * SECOND_MS)) },
    { id: "store", header: "Store", width: 120, wide: true, cell: (row) => <StoreNames row={row} /> },
    { id: "retention", header: "Retention", wide: true, cell: (row) => <RetentionWord row={row} storeId={storeId} decision={decisions.get(row.id)} /> },
  ];
}

function StoreNames({ row }: { row: RunRow }) {
  const names = row.copies.filter(({ state }) => state === "stored").map(({ storeName }) => storeName).join(", ");
  return names === "" ? <span className={styles.quiet}>none</span> : <span className={styles.oneLine} title={names}>{names}</span>;
}

function RetentionWord({ row, storeId, decision }: { row: RunRow; storeId: string; decision: { goes: boolean; rule: string } | undefined }) {
  if (row.copies.some((copy) => copy.storeId === storeId && copy.state === "lost")) return <StatusText state="fail">Lost from this store</StatusText>;
  const deleted = row.copies.find(({ state }) => state === "deleted" || state === "deleting");
  if (!decision && deleted) return <span className={styles.retention}><IconTrash size={14} aria-hidden /> <span>Gone: {deleted.deleteRule}</span></span>;
  if (!decision) return <span className={styles.quiet}>–</span>;
  return (
    <span className={styles.retention} data-goes={decision.goes || undefined}>
      {decision.goes ? <IconTrash size={14} aria-hidden /> : <IconLock size={14} aria-hidden />}
      <b>{decision.goes ? "Goes" : "Stays"}</b>
      <span>{decision.rule}</span>
    </span>
  );
}

const decisionsOf = (preview: RetentionPreview | undefined): Decisions => new Map(preview?.decisions.map(({ runId, goes, rule }) => [runId, { goes, rule }]));

/** Every backup with its proof, and what the saved policy will do with it. */
export function CatalogueCard({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [chosen, setChosen] = useState<string | null>(null);
  const storeId = chosen ?? plan.stores[0]?.id ?? "";
  const runs = useInfiniteQuery(trpc.backups.runs.infiniteQueryOptions({ id: plan.slug, limit: CATALOGUE_LIMIT }, { getNextPageParam: nextCursor }));
  const preview = useQuery(trpc.backups.previewRetention.queryOptions({ id: plan.id, storeId }, { enabled: storeId !== "" }));
  const { at, isStale } = useFreshness(runs);
  const columns = useMemo(() => columnsFor(plan.timeZone, storeId, decisionsOf(preview.data)), [plan.timeZone, storeId, preview.data]);
  return (
    <Card
      title="Catalogue"
      aside={
        <span className={styles.inline}>
          {preview.data ? <span>Next pass: {preview.data.stays} stay, {preview.data.goes} go{preview.data.refusal ? " (held)" : ""}</span> : null}
          {plan.stores.length > 1 ? <Select aria-label="Store" size="xs" data={plan.stores.map(({ id, name }) => ({ value: id, label: name }))} value={storeId} onChange={setChosen} allowDeselect={false} /> : null}
        </span>
      }
      footer={{ source: plan.stores.map(({ name }) => name).join(", ") || "No store", at }}
      isStale={isStale}
    >
      {preview.data?.refusal ? <p className={styles.note}>{preview.data.refusal}</p> : null}
      <div className={styles.bleed}>
        <DataTable
          label="Backups"
          noun="run"
          bare
          density="compact"
          columns={columns}
          {...pagedRows(runs)}
          rowId={(row) => row.id}
          rowLabel={(row) => `Backup of ${momentIn(row.requestedAt, plan.timeZone)}`}
          onOpen={(row) => router.push(`/backups/runs/${row.id}`)}
          empty={<EmptyState title="No backup yet" sentence={plan.nextRunAt ? "The first one is taken at the next run of the schedule. Back up now to see it at once." : "This plan has no run planned."} />}
        />
      </div>
    </Card>
  );
}
