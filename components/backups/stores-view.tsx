"use client";
import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconDots, IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { StoreRow } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { formatCount, formatSize, plural } from "../data/format.ts";
import { QuietIcon } from "../data/quiet-icon.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { BackupsTabs } from "./backups-tabs.tsx";
import { KitBanner, TakeKit, useIsKitNeeded } from "./kit-banner.tsx";
import styles from "./backups.module.css";

const StoreForm = dynamic(() => import("./store-form.tsx").then((module) => module.StoreForm), { ssr: false });

const COLUMNS: readonly Column<StoreRow>[] = [
  { id: "name", header: "Store", phone: true, cell: (row) => <span className={styles.name}><span className={styles.nameLink}>{row.name}</span><span className={styles.second}>{row.label}</span></span> },
  { id: "state", header: "State", phone: true, width: 120, cell: (row) => (row.checkedAt === null ? <StatusText state="unknown">Not tested</StatusText> : row.checkProblem === null ? <StatusText state="ok">Usable</StatusText> : <StatusText state="fail">Not usable</StatusText>) },
  { id: "holds", header: "Holds", align: "right", width: 175, cell: (row) => `${plural(row.copies, "copy", "copies")}, ${formatSize(row.bytes)}` },
  { id: "free", header: "Free", align: "right", width: 90, cell: (row) => (row.freeBytes === null ? "–" : formatSize(row.freeBytes)) },
  { id: "guard", header: "Protection", width: 150, wide: true, cell: (row) => (row.isLocked ? "object lock" : row.isVersioned ? "old versions kept" : row.kind === "s3" ? "none known" : "–") },
  { id: "checked", header: "Tested", align: "right", width: 110, wide: true, cell: (row) => <RelativeTime at={row.checkedAt} /> },
];

/** The places where backups lie: what they hold, whether they work, and the way to read one that somebody else filled. */
export function StoresView() {
  const trpc = useTRPC();
  const mayRule = useMay("admin");
  const isKitNeeded = useIsKitNeeded();
  const [editing, setEditing] = useState<StoreRow | "new" | null>(null);
  const stores = useQuery(trpc.backups.stores.queryOptions({}));
  const { at } = useFreshness(stores);
  const rows = stores.data?.stores;
  const broken = rows?.filter(({ checkProblem }) => checkProblem !== null) ?? [];
  const columns: readonly Column<StoreRow>[] = mayRule ? [...COLUMNS, { id: "acts", header: "Actions", hiddenHeader: true, width: 64, align: "right", phone: true, cell: (row) => <StoreActs row={row} onEdit={() => setEditing(row)} /> }] : COLUMNS;
  return (
    <Page
      title="Stores"
      sentence={rows && { tone: broken.length > 0 ? "fail" : rows.length > 1 ? "ok" : "unknown", lead: broken[0] ? `${broken[0].name} cannot be used.` : rows.length > 1 ? `${formatCount(rows.length)} stores are usable.` : "There is one store. A second one in another place survives the loss of this one.", rest: broken[0]?.checkProblem ?? undefined }}
      actions={
        mayRule ? (
          <>
            {isKitNeeded ? null : <TakeKit />}
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing("new")}>
              Add store
            </Button>
          </>
        ) : null
      }
      tabs={<BackupsTabs />}
    >
      <KitBanner />
      <DataTable label="Stores" noun="store" columns={columns} rows={rows} rowId={(row) => row.id} rowLabel={(row) => row.name} error={stores.error} onRetry={() => void stores.refetch()} empty={<EmptyState title="No store yet" sentence="Add a folder of this machine or a bucket. Backups go there encrypted." />} footer={at ? <>Updated {at}</> : null} />
      {editing ? <StoreForm store={editing === "new" ? null : editing} ownFolder={stores.data?.ownFolder ?? ""} onClose={() => setEditing(null)} /> : null}
    </Page>
  );
}

function StoreActs({ row, onEdit }: { row: StoreRow; onEdit: () => void }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [isRemoving, setIsRemoving] = useState(false);
  const attach = useMutation(
    trpc.backups.attachStore.mutationOptions({
      onSuccess: ({ found, added, plans, lost, gone, unreadable }) => toast({ tone: unreadable.length + lost > 0 ? "info" : "ok", title: `${plural(found, "backup")} found, ${added} new`, message: [plans > 0 ? `${plural(plans, "plan")} made for them.` : "", lost > 0 ? `${plural(lost, "copy", "copies")} not there any more.` : "", gone > 0 ? `${plural(gone, "lost copy", "lost copies")} let go.` : "", unreadable.length > 0 ? `${plural(unreadable.length, "manifest")} cannot be read: ${unreadable[0]?.problem ?? ""}` : ""].join(" ").trim() || undefined }),
    }),
  );
  const remove = useMutation(trpc.backups.removeStore.mutationOptions({ onSuccess: () => setIsRemoving(false) }));
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <QuietIcon label={`More for ${row.name}`} size={32}>
            <IconDots size={18} aria-hidden />
          </QuietIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={attach.isPending} onClick={() => attach.mutate({ id: row.id })}>Read its backups</Menu.Item>
          <Menu.Item onClick={onEdit}>Edit</Menu.Item>
          <Menu.Item disabled={row.plans.length > 0} onClick={() => setIsRemoving(true)}>{row.plans.length > 0 ? `Remove: used by ${row.plans.map(({ name }) => name).join(", ")}` : "Remove"}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm opened={isRemoving} onClose={() => setIsRemoving(false)} onConfirm={() => remove.mutate({ id: row.id })} title={`Remove ${row.name}`} sentence="The console forgets the store. What lies in it is not touched, and it can be added and read again." consequence={{ title: `${plural(row.copies, "copy", "copies")} can no longer be restored from here`, text: row.label }} confirmLabel="Remove" recordedAs={viewer?.name} busy={remove.isPending} />
    </>
  );
}
