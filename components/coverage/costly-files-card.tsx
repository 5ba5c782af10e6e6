"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import type { GatePolicy } from "../../server/coverage/schema/index.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatCount } from "../data/format.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { fileColumns } from "./file-columns.tsx";

/** What a card shows; the tab has all. */
const SHOWN = 9;

/** The files whose uncovered lines cost most. */
export function CostlyFilesCard({ place, levels, allHref, onFile }: { place: { service: string; commit: string; flag: string }; levels: GatePolicy["levels"]["lines"]; allHref: string; onFile: (path: string) => void }) {
  const trpc = useTRPC();
  const { service, commit, flag } = place;
  const query = useQuery(trpc.coverage.files.queryOptions({ service, commit, sort: "uncovered", limit: SHOWN, ...(flag ? { flag } : {}) }, { placeholderData: keepPreviousData }));
  const { isStale, at } = useFreshness(query);
  const total = query.data?.total;
  return (
    <Card
      title="Files that cost most points"
      aside={
        <Link href={allHref} className="sw-link">
          {total === undefined ? "All files" : `All ${formatCount(total)} files`} <IconChevronRight size={12} aria-hidden />
        </Link>
      }
      footer={{ source: "Uncovered lines of each file", at }}
      isStale={isStale}
    >
      <DataTable
        label="Files that cost most points"
        noun="file"
        columns={fileColumns(levels, false)}
        rows={query.data?.items}
        rowId={({ path }) => path}
        error={query.error}
        onRetry={() => void query.refetch()}
        onOpen={({ path }) => onFile(path)}
        density="compact"
        bare
        plain
      />
    </Card>
  );
}
