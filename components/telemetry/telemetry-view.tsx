"use client";
import { useQuery } from "@tanstack/react-query";
import { Page } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { PROCESSES_REFRESH_MS, ProcessesTable } from "./processes-table.tsx";
import { SlowQueriesTable } from "./slow-queries.tsx";
import { telemetrySentence } from "./telemetry-sentence.ts";

/** Who runs, then what the database was slow at. */
export function TelemetryView() {
  const trpc = useTRPC();
  const { data: processes } = useQuery(trpc.telemetry.processes.queryOptions({}, { refetchInterval: PROCESSES_REFRESH_MS }));
  const { data: queries } = useQuery(trpc.telemetry.slowQueries.queryOptions({}));
  return (
    <Page title="Telemetry" sentence={processes && queries && telemetrySentence(processes.items, queries)}>
      <ProcessesTable />
      <SlowQueriesTable />
    </Page>
  );
}
