"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Exceptions } from "../../server/limits/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatCount } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AddException } from "./add-exception.tsx";
import { AUDIENCES, WINDOW_LABELS } from "./words.ts";
import styles from "./limits.module.css";

/** One row: a figure of one's own, or an exempt key. */
type Row = { id: string; label: string; caller: string; what: string; reason: string; createdAt: Date; createdBy: string; override: Exceptions["overrides"][number] | null };

function rowsOf({ overrides, exemptions }: Exceptions): Row[] {
  return [
    ...exemptions.map((one) => ({ ...one, id: one.keyId, caller: one.keyId, what: "never refused", override: null })),
    ...overrides.map((one) => ({ ...one, id: `${one.caller} ${one.window}`, what: `${formatCount(one.max)} in ${WINDOW_LABELS[one.window]}`, override: one })),
  ];
}

function sinceOf(row: Row) {
  return (
    <span className={styles.two}>
      <RelativeTime at={row.createdAt} />
      <span className={styles.quiet}>by {row.createdBy}</span>
    </span>
  );
}

function columnsOf(onRemove: ((row: Row) => void) | null): Column<Row>[] {
  return [
    {
      id: "caller",
      header: "Caller",
      phone: true,
      cell: (row) => (
        <span className={styles.two}>
          <b>{row.label}</b>
          {row.label === row.caller ? null : <span className={styles.quiet}>{row.caller}</span>}
        </span>
      ),
    },
    { id: "what", header: "What", width: 136, phone: true, cell: (row) => row.what },
    { id: "reason", header: "Why", cell: (row) => row.reason },
    { id: "since", header: "Since", width: 160, wide: true, cell: sinceOf },
    {
      id: "act",
      header: "Act",
      hiddenHeader: true,
      width: 96,
      align: "right",
      phone: true,
      cell: (row) =>
        onRemove ? (
          <Button size="xs" variant="default" onClick={() => onRemove(row)} aria-label={`Remove ${row.label}, ${row.what}`}>
            Remove
          </Button>
        ) : null,
    },
  ];
}

/** Callers with figures of their own, and keys that are never refused. */
export function ExceptionsCard() {
  const trpc = useTRPC();
  const mayEdit = useMay("admin");
  const [removing, remove] = useState<Row | null>(null);
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(trpc.limits.exceptions.queryOptions({}));
  const { isStale, at } = useFreshness(query);
  const add = (
    <Button size="xs" variant="default" onClick={() => setAdding(true)}>
      Add exception
    </Button>
  );
  return (
    <Card title="Exceptions" aside={mayEdit ? add : null} footer={{ source: `Own figures go before the general ones, ${AUDIENCES.signedIn}`, at }} isStale={isStale}>
      <div className={styles.flush}>
        <DataTable
          label="Exceptions"
          noun="exception"
          columns={columnsOf(mayEdit ? remove : null)}
          rows={query.data && rowsOf(query.data)}
          rowId={(row) => row.id}
          density="comfortable"
          error={query.error}
          onRetry={() => void query.refetch()}
          empty={<p className={styles.empty}>Every caller has the general figures and no key is exempt.</p>}
          bare
          plain
        />
      </div>
      <AddException opened={isAdding} onClose={() => setAdding(false)} />
      <RemoveException row={removing} onClose={() => remove(null)} />
    </Card>
  );
}

function RemoveException({ row, onClose }: { row: Row | null; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const options = {
    onSettled: async () => {
      onClose();
      await client.invalidateQueries(trpc.limits.pathFilter());
    },
  };
  const removeOverride = useMutation(trpc.limits.removeOverride.mutationOptions(options));
  const endExemption = useMutation(trpc.limits.endExemption.mutationOptions(options));
  const confirm = () => {
    if (row?.override) removeOverride.mutate({ caller: row.override.caller, window: row.override.window });
    else if (row) endExemption.mutate({ keyId: row.caller });
  };
  return (
    <Confirm
      opened={row !== null}
      onClose={onClose}
      onConfirm={confirm}
      title={`Remove the exception of ${row?.label ?? ""}`}
      sentence={`It has: ${row?.what ?? ""}. Within seconds the general figures count for it.`}
      confirmLabel="Remove"
      recordedAs={viewer?.name}
      busy={removeOverride.isPending || endExemption.isPending}
    />
  );
}
