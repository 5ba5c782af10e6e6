"use client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckDetail, ServiceDetail } from "../../server/services/schema.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { useDensity } from "../shell/density.ts";
import { useMay } from "../shell/viewer.tsx";
import { CHECK_COLUMNS } from "./check-columns.tsx";
import { CheckForm } from "./check-form.tsx";
import { CheckPanel } from "./check-panel.tsx";
import { useDetailView } from "./detail-url.ts";
import styles from "./services.module.css";

/** The checks of a service: add, try, change, pause, run, remove, and each one's results beside the list. */
export function ChecksTab({ service, origin }: { service: ServiceDetail; origin: string }) {
  const mayEdit = useMay("editor") && !service.archivedAt;
  const density = useDensity();
  const { view, go } = useDetailView();
  const [editing, setEditing] = useState<CheckDetail | "new" | null>(null);
  const open = service.checks.find(({ id }) => id === view.check);
  const ids = service.checks.map(({ id }) => id);
  const select = (check: string | null): void => go({ check });
  const move = (by: 1 | -1) => {
    const next = open && ids[ids.indexOf(open.id) + by];
    return next === undefined ? undefined : () => select(next);
  };
  return (
    <>
      {mayEdit && service.checks.length > 0 ? (
        <div className={styles.formActions}>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing("new")}>
            Add check
          </Button>
        </div>
      ) : null}
      <WithPanel panel={open ? <CheckPanel key={open.id} check={open} origin={origin} mayEdit={mayEdit} onEdit={() => setEditing(open)} onClose={() => select(null)} onPrevious={move(-1)} onNext={move(1)} /> : null}>
        <DataTable
          label="Checks"
          noun="check"
          columns={CHECK_COLUMNS}
          rows={service.checks}
          rowId={checkId}
          rowLabel={checkName}
          density={density}
          selected={view.check}
          onSelect={select}
          empty={<NoChecks onAdd={mayEdit ? () => setEditing("new") : undefined} />}
          footer={<>Last result <RelativeTime at={service.lastResultAt} never="none yet" /></>}
        />
      </WithPanel>
      {editing ? <CheckForm service={service} check={editing === "new" ? undefined : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

const checkId = (check: CheckDetail): string => check.id;
const checkName = (check: CheckDetail): string => check.name;

function NoChecks({ onAdd }: { onAdd?: () => void }) {
  return (
    <EmptyState
      drawing="bars"
      title="Add the first check"
      sentence="A check asks the service on a schedule: an HTTP address, a TCP port, PostgreSQL or Redis. Without one, nobody knows how it is."
      action={onAdd ? <Button onClick={onAdd}>Add check</Button> : undefined}
    />
  );
}
