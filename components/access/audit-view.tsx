"use client";
import { Button } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import type { AuditEntry } from "../../server/access/schema.ts";
import { ColumnChooser } from "../data/column-chooser.tsx";
import { saveText } from "../data/csv.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { formatCount } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { useDensity } from "../shell/density.ts";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC, useTRPCClient } from "../trpc/client.tsx";
import { describeError } from "../data/describe-error.ts";
import { AccessPage } from "./access-page.tsx";
import { AuditPanel } from "./audit-panel.tsx";
import { AUDIT_QUALIFIERS, auditFilter, auditInput } from "./list-inputs.ts";
import { VerifyCard } from "./verify-card.tsx";
import styles from "./access.module.css";

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: "at", header: "When", width: 120, phone: true, cell: (entry) => <RelativeTime at={entry.at} /> },
  { id: "summary", header: "What", phone: true, cell: (entry) => entry.summary },
  { id: "actor", header: "Who", width: 160, cell: (entry) => entry.actorLabel },
  { id: "action", header: "Action", width: 200, wide: true, cell: (entry) => <code>{entry.action}</code> },
  { id: "address", header: "From", width: 140, wide: true, cell: (entry) => (entry.address ? <code>{entry.address}</code> : "–") },
];

/** What was done, by whom, newest first; each row opens to before and after. */
export function AuditView() {
  const trpc = useTRPC();
  const search = useSearchParams();
  const density = useDensity();
  const [filter, setFilter] = useUrlState("q");
  const [selected, select] = useUrlState("entry");
  const [hiddenColumns, setHidden] = useLocalStorage<string[]>({ key: "sw-audit-columns", defaultValue: [] });
  const hidden = useMemo(() => new Set(hiddenColumns), [hiddenColumns]);
  const query = useInfiniteQuery(trpc.access.audit.infiniteQueryOptions(auditInput(search), { getNextPageParam: nextCursor, placeholderData: keepPreviousData }));
  const paged = pagedRows(query);
  const newest = paged.rows?.[0];
  const at = paged.rows?.findIndex((row) => row.id === selected) ?? -1;
  const entry = paged.rows?.[at];
  const way = (to: AuditEntry | undefined) => (to ? () => select(to.id) : undefined);
  return (
    <AccessPage sentence={newest && !filter ? { tone: "ok", lead: "Last change", rest: <><RelativeTime at={newest.at} /> by {newest.actorLabel}.</> } : undefined} actions={<ExportButton />}>
      <VerifyCard />
      <div className={styles.filters}>
        <div className={styles.search}>
          <FilterBar label="Filter the audit trail" value={filter} onChange={setFilter} qualifiers={AUDIT_QUALIFIERS} placeholder="actor, action, target" matches={paged.rows?.length} />
        </div>
        <div className={styles.push}>
          <ColumnChooser columns={COLUMNS} hidden={hidden} onChange={(next) => setHidden([...next])} />
        </div>
      </div>
      <WithPanel panel={entry ? <AuditPanel entry={entry} onClose={() => select(null)} onPrevious={at > 0 ? way(paged.rows?.[at - 1]) : undefined} onNext={way(paged.rows?.[at + 1])} /> : null}>
        <DataTable label="Audit trail" noun="entry" nounPlural="entries" columns={COLUMNS} rowId={(row) => row.id} rowLabel={(row) => row.summary} selected={selected || null} onSelect={select} density={density} hidden={hidden} {...paged} />
      </WithPanel>
    </AccessPage>
  );
}

function ExportButton() {
  const client = useTRPCClient();
  const search = useSearchParams();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const file = await client.access.exportAudit.query(auditFilter(search)).finally(() => setBusy(false));
    saveText(file.fileName, file.csv);
    const rest = file.isComplete ? undefined : "That is the most one file holds. Narrow the dates for the rest.";
    toast({ tone: file.isComplete ? "ok" : "info", title: `${formatCount(file.rows)} rows exported`, message: rest });
  };
  const fail = (error: unknown) => {
    const { message, requestId } = describeError(error);
    toast({ tone: "fail", title: "Not exported", message, requestId });
  };
  return (
    <Button variant="default" leftSection={<IconDownload />} loading={isBusy} onClick={() => void run().catch(fail)}>
      Export CSV
    </Button>
  );
}
