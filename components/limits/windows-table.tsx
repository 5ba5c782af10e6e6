"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Window } from "../../server/limits/schema.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatCount, plural } from "../data/format.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { EditWindow } from "./edit-window.tsx";
import { HeaderChoice } from "./header-choice.tsx";
import { AUDIENCES, perWords, SOURCES, WINDOW_LABELS } from "./words.ts";
import styles from "./limits.module.css";

function sourceOf(window: Window) {
  return (
    <span className={styles.two}>
      <span>{SOURCES[window.source]}</span>
      <span className={styles.quiet}>{window.source === "setting" ? `by ${window.updatedBy}, else ${formatCount(window.defaultMax)}` : (window.variable ?? "fixed")}</span>
    </span>
  );
}

function proposalOf({ proposal }: Window) {
  if (!proposal) return <span className={styles.quiet}>none</span>;
  const what = proposal.refusedCalls === 0 ? "would refuse nothing in 24 h" : `would refuse ${plural(proposal.refusedCalls, "call")} of ${plural(proposal.refusedCallers, "caller")} in 24 h`;
  return (
    <span className={styles.two}>
      <b>{formatCount(proposal.max)}</b>
      <span className={styles.quiet}>{what}</span>
    </span>
  );
}

function columnsOf(onEdit: ((window: Window) => void) | null): Column<Window>[] {
  return [
    {
      id: "name",
      header: "Limit",
      phone: true,
      cell: (window) => (
        <span className={styles.two}>
          <b>{WINDOW_LABELS[window.name]}</b>
          <span className={styles.quiet}>
            {window.tier}, {AUDIENCES[window.audience]}
          </span>
        </span>
      ),
    },
    { id: "max", header: "Allowed", align: "right", width: 128, phone: true, cell: (window) => `${formatCount(window.max)} / ${perWords(window.windowSeconds)}` },
    { id: "source", header: "From", width: 220, wide: true, cell: sourceOf },
    { id: "proposal", header: "Proposed", width: 280, cell: proposalOf },
    {
      id: "act",
      header: "Act",
      hiddenHeader: true,
      width: 92,
      align: "right",
      phone: true,
      cell: (window) =>
        onEdit ? (
          <Button size="xs" variant="default" onClick={() => onEdit(window)} aria-label={`Change ${WINDOW_LABELS[window.name]} ${AUDIENCES[window.audience]}`}>
            Change
          </Button>
        ) : null,
    },
  ];
}

/** Every limit with the figure in force, where it comes from and what is proposed. */
export function WindowsTable() {
  const trpc = useTRPC();
  const mayEdit = useMay("admin");
  const [chosen, choose] = useState<Window | null>(null);
  const query = useQuery(trpc.limits.list.queryOptions({}));
  const { isStale, at } = useFreshness(query);
  return (
    <Card title="Limits in force" aside={mayEdit && query.data ? <HeaderChoice headers={query.data.headers} /> : null} footer={{ source: plural(query.data?.items.length ?? 0, "limit"), at }} isStale={isStale}>
      <div className={styles.flush}>
        <DataTable
          label="Limits"
          noun="limit"
          columns={columnsOf(mayEdit ? choose : null)}
          rows={query.data?.items}
          rowId={(window) => window.name}
          density="comfortable"
          error={query.error}
          onRetry={() => void query.refetch()}
          bare
          plain
        />
      </div>
      <EditWindow window={chosen} onClose={() => choose(null)} />
    </Card>
  );
}
