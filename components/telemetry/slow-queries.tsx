"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { QUERY_SORTS, SLOW_QUERY_MS, type ListSlowQueries, type SlowQueries, type SlowQuery, type StatisticsState } from "../../server/telemetry/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { formatCount, formatNumber, formatUtc } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Statement } from "./statement.tsx";
import styles from "./telemetry.module.css";

/** Statistics move with every query; more often would only add to them. */
const REFRESH_MS = 30_000;

const ms = (value: number) => <span className={value >= SLOW_QUERY_MS ? styles.slow : undefined}>{formatNumber(value, value < 10 ? 2 : 0)} ms</span>;

const COLUMNS: readonly Column<SlowQuery>[] = [
  { id: "text", header: "Statement", phone: true, hideable: false, cell: (query) => <span className={styles.statement}>{query.text}</span> },
  { id: "calls", header: "Calls", align: "right", width: 92, sortable: true, cell: (query) => formatCount(query.calls) },
  { id: "mean", header: "Mean", align: "right", width: 96, sortable: true, cell: (query) => ms(query.meanMs) },
  { id: "max", header: "Longest", align: "right", width: 104, phone: true, sortable: true, cell: (query) => ms(query.maxMs) },
  { id: "total", header: "In all", align: "right", width: 108, wide: true, sortable: true, cell: (query) => `${formatNumber(query.totalMs / 1_000, 1)} s` },
  { id: "rows", header: "Rows", align: "right", width: 92, wide: true, cell: (query) => formatCount(query.rows) },
];

const LEAST = [
  { value: "", label: "100 ms or more" },
  { value: "10", label: "10 ms or more" },
  { value: "0", label: "All" },
];

const ABSENT: Record<Exclude<StatisticsState, "available">, { sentence: string; code: string }> = {
  notLoaded: {
    sentence: "The PostgreSQL server does not load pg_stat_statements. Add it to the server's settings and restart it; the console needs no restart. Slow queries are written to the log meanwhile.",
    code: "shared_preload_libraries = 'pg_stat_statements'",
  },
  notInstalled: {
    sentence: "The server loads pg_stat_statements, but this database lacks the extension. Run this once as a superuser; the console needs no restart. Slow queries are written to the log meanwhile.",
    code: "CREATE EXTENSION pg_stat_statements;",
  },
};

/** The list's input as the address holds it. */
function readInput(least: string, sort: string): Pick<ListSlowQueries, "minMs" | "sort"> {
  return { minMs: LEAST.some((one) => one.value === least && least !== "") ? Number(least) : SLOW_QUERY_MS, sort: QUERY_SORTS.find((one) => one === sort) ?? "total" };
}

/** Statements that took long, as the database counts them, or how to let it count. */
export function SlowQueriesTable() {
  const trpc = useTRPC();
  const [least, setLeast] = useUrlState("least");
  const [sort, setSort] = useUrlState("sort");
  const [chosen, choose] = useState<string | null>(null);
  const input = readInput(least, sort);
  const query = useQuery(trpc.telemetry.slowQueries.queryOptions(input, { refetchInterval: REFRESH_MS }));
  const { data } = query;
  if (data && data.state !== "available") {
    const { sentence, code } = ABSENT[data.state];
    return <EmptyState title="Slow queries are not available" sentence={sentence} snippets={[{ name: data.state === "notLoaded" ? "postgresql.conf" : "SQL", code }]} />;
  }
  return (
    <>
      <div className={styles.head}>
        <FilterChips label="Longest run" options={LEAST} value={least} onChange={setLeast} />
        <ResetButton data={data} />
      </div>
      <DataTable
        label="Slow queries"
        noun="statement"
        columns={COLUMNS}
        rows={data?.items}
        rowId={(row) => row.id}
        rowLabel={(row) => row.text}
        sort={{ by: input.sort, direction: "desc" }}
        onSort={(next) => setSort(next.by)}
        selected={chosen}
        onSelect={choose}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<p className={styles.empty}>No statement took that long.</p>}
        footer={data?.since ? `counted since ${formatUtc(data.since)}` : undefined}
      />
      <Statement query={data?.items.find((row) => row.id === chosen)} onClose={() => choose(null)} />
    </>
  );
}

function ResetButton({ data }: { data: SlowQueries | undefined }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const mayReset = useMay("admin");
  const [isAsking, ask] = useState(false);
  const reset = useMutation(
    trpc.telemetry.resetStatistics.mutationOptions({
      onSuccess: () => toast({ tone: "ok", title: "Statements are counted from zero" }),
      onSettled: async () => {
        ask(false);
        await client.invalidateQueries(trpc.telemetry.pathFilter());
      },
    }),
  );
  if (!mayReset || !data) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={() => ask(true)}>
        Count from zero
      </Button>
      <Confirm
        opened={isAsking}
        onClose={() => ask(false)}
        onConfirm={() => reset.mutate({})}
        title="Count from zero"
        sentence="The figures of all statements of this database start again, to show what a change did."
        consequence={{ title: "What was counted so far is gone", text: "Other tools that read pg_stat_statements of this database see zeros too." }}
        confirmLabel="Count from zero"
        recordedAs={viewer?.name}
        busy={reset.isPending}
      />
    </>
  );
}
