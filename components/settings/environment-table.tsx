"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ConfigEntry } from "../../server/settings/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { Tag } from "../data/tags.tsx";
import { useDensity } from "../shell/density.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./settings.module.css";

const COLUMNS: readonly Column<ConfigEntry>[] = [
  { id: "name", header: "Variable", phone: true, cell: (entry) => <code>{entry.name}</code> },
  { id: "value", header: "In force", cell: (entry) => (entry.value === null ? <span className="sw-dim">none</span> : <code>{entry.value}</code>) },
  { id: "from", header: "Comes from", width: 120, phone: true, cell: (entry) => (entry.isSet ? <Tag strong>environment</Tag> : <Tag>{entry.default === null ? "not set" : "default"}</Tag>) },
  { id: "about", header: "What it does", wide: true, cell: (entry) => <span className="sw-second">{entry.about}</span> },
];

/** The environment the process read, with where each value comes from; secrets are masked by the server. */
export function EnvironmentTable() {
  const trpc = useTRPC();
  const density = useDensity();
  const [filter, setFilter] = useUrlState("q");
  const { data, error, refetch } = useQuery(trpc.settings.effectiveConfig.queryOptions({}));
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    return data?.entries.filter((entry) => `${entry.name} ${entry.about}`.toLowerCase().includes(words));
  }, [data, filter]);
  return (
    <section aria-label="Environment" className={styles.environment}>
      <h2 className={styles.heading}>Environment of this process</h2>
      <p className={styles.about}>Read once at the start. To change a value, set it and restart.</p>
      <div className={styles.search}>
        <FilterBar label="Filter variables" value={filter} onChange={setFilter} qualifiers={[]} placeholder="name or meaning" matches={rows?.length} />
      </div>
      <DataTable label="Environment variables" noun="variable" columns={COLUMNS} rows={rows} rowId={(entry) => entry.name} density={density} error={error} onRetry={() => void refetch()} total={data?.entries.length} />
    </section>
  );
}
