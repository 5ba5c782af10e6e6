"use client";
import { useQuery } from "@tanstack/react-query";
import type { Process } from "../../server/telemetry/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatMilliseconds } from "../data/duration.ts";
import { formatCount, formatSize } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { useTRPC } from "../trpc/client.tsx";

/** Processes report every ten seconds. */
export const PROCESSES_REFRESH_MS = 10_000;

const unknown = <Value,>(value: Value | null, format: (known: Value) => string) => (value === null ? "–" : format(value));

const COLUMNS: readonly Column<Process>[] = [
  { id: "role", header: "Role", width: 92, phone: true, cell: (process) => process.role },
  { id: "state", header: "State", width: 116, phone: true, cell: (process) => <StatusText state={process.isAlive ? "ok" : "fail"}>{process.isAlive ? "Runs" : "Silent"}</StatusText> },
  { id: "host", header: "Host", cell: (process) => `${process.host}, process ${process.pid}` },
  { id: "version", header: "Version", width: 92, wide: true, cell: (process) => process.version },
  { id: "memory", header: "Memory", align: "right", width: 108, phone: true, cell: (process) => unknown(process.memoryBytes, formatSize) },
  { id: "lag", header: "Event loop, p99", align: "right", width: 128, cell: (process) => unknown(process.eventLoopLagMs, (ms) => formatMilliseconds(ms)) },
  { id: "connections", header: "Connections", align: "right", width: 108, wide: true, cell: (process) => unknown(process.openConnections, formatCount) },
  { id: "started", header: "Started", width: 108, wide: true, cell: (process) => <RelativeTime at={process.startedAt} /> },
  { id: "seen", header: "Last seen", width: 108, cell: (process) => <RelativeTime at={process.lastSeenAt} /> },
];

/** Every process of the console, as it last reported. */
export function ProcessesTable() {
  const trpc = useTRPC();
  const query = useQuery(trpc.telemetry.processes.queryOptions({}, { refetchInterval: PROCESSES_REFRESH_MS }));
  const { at } = useFreshness(query);
  return (
    <DataTable
      label="Processes"
      noun="process"
      nounPlural="processes"
      columns={COLUMNS}
      rows={query.data?.items}
      rowId={(process) => process.id}
      density="compact"
      total={query.data?.items.length}
      error={query.error}
      onRetry={() => void query.refetch()}
      footer={at}
    />
  );
}
