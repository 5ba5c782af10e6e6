"use client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import type { ApiKey } from "../../server/access/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { RelativeTime, useNow } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AccessPage } from "./access-page.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { keysInput } from "./list-inputs.ts";
import { keysSentence } from "./sentences.ts";
import { KEY_STATES } from "./words.ts";
import styles from "./access.module.css";

const STATE_CHIPS = [{ value: "", label: "All" }, ...(["active", "expired", "revoked", "ownerDisabled"] as const).map((value) => ({ value, label: KEY_STATES[value].word }))];
const OWNER_CHIPS = [
  { value: "", label: "Mine" },
  { value: "all", label: "Everyone's" },
];

function columnsOf(onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    {
      id: "name",
      header: "Key",
      phone: true,
      cell: (key) => (
        <span className={styles.twoLines}>
          <b>{key.name}</b>
          <span className="sw-mono">{key.prefix}…</span>
        </span>
      ),
    },
    { id: "state", header: "State", width: 136, phone: true, cell: (key) => <StatusText state={KEY_STATES[key.state].state}>{KEY_STATES[key.state].word}</StatusText> },
    { id: "scopes", header: "Scopes", wide: true, cell: (key) => <code>{key.scopes.includes("*") ? "everything" : key.scopes.join(" ")}</code> },
    { id: "owner", header: "Acts for", width: 140, wide: true, cell: (key) => key.ownerName },
    { id: "used", header: "Last used", width: 120, cell: (key) => <RelativeTime at={key.lastUsedAt} /> },
    { id: "expires", header: "Expires", width: 120, cell: (key) => <RelativeTime at={key.expiresAt} never="never" /> },
    {
      id: "act",
      header: "Act",
      hiddenHeader: true,
      width: 96,
      align: "right",
      phone: true,
      cell: (key) =>
        key.state === "revoked" ? null : (
          <Button size="xs" variant="default" onClick={() => onRevoke(key)} aria-label={`Revoke ${key.name}`}>
            Revoke
          </Button>
        ),
    },
  ];
}

/** API keys: scripts that act for a person. */
export function KeysView({ address }: { address: string }) {
  const trpc = useTRPC();
  const search = useSearchParams();
  const isAdmin = useMay("admin");
  const density = useDensity();
  const [owner, setOwner] = useUrlState("owner");
  const [state, setState] = useUrlState("state");
  const [adding, setAdding] = useUrlState("add");
  const [revoking, revoke] = useState<ApiKey | null>(null);
  const query = useInfiniteQuery(trpc.access.keys.infiniteQueryOptions(keysInput(search), { getNextPageParam: nextCursor, placeholderData: keepPreviousData }));
  const paged = pagedRows(query);
  const now = useNow();
  const isFiltered = owner !== "" || state !== "";
  const snippet = `curl -H "Authorization: Bearer sw_…" ${address}/api/v1/services`;
  return (
    <AccessPage
      sentence={keysSentence(paged.rows, now)}
      actions={
        <Button leftSection={<IconPlus />} onClick={() => setAdding("1")}>
          Create key
        </Button>
      }
    >
      <div className={styles.filters}>
        <FilterChips label="State" options={STATE_CHIPS} value={state} onChange={setState} />
        {isAdmin ? <FilterChips label="Owner" options={OWNER_CHIPS} value={owner} onChange={setOwner} /> : null}
      </div>
      <DataTable
        label="API keys"
        noun="key"
        columns={columnsOf(revoke)}
        rowId={(key) => key.id}
        rowLabel={(key) => key.name}
        density={density}
        empty={
          isFiltered ? undefined : (
            <EmptyState title="No key yet" sentence="Create one for a script, a CI system or the command line. It is shown once." snippets={[{ name: "curl", code: snippet }]} />
          )
        }
        {...paged}
      />
      <CreateKeyDialog opened={adding !== ""} onClose={() => setAdding(null)} address={address} />
      <RevokeKey apiKey={revoking} onClose={() => revoke(null)} />
    </AccessPage>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const revoke = useMutation(
    trpc.access.revokeKey.mutationOptions({
      onSuccess: (key) => (toast({ tone: "ok", title: `${key.name} is revoked` }), client.invalidateQueries(trpc.access.pathFilter())),
      onSettled: onClose,
    }),
  );
  return (
    <Confirm
      opened={apiKey !== null}
      onClose={onClose}
      onConfirm={() => apiKey && revoke.mutate({ id: apiKey.id })}
      title={`Revoke ${apiKey?.name ?? ""}`}
      sentence="The key stops working with the next request and cannot be brought back."
      consequence={{
        title: apiKey?.lastUsedAt ? "It is in use" : "It was never used",
        text: apiKey?.lastUsedAt ? <>Last used <RelativeTime at={apiKey.lastUsedAt} />. What uses it will be refused.</> : "Nothing is known to depend on it.",
      }}
      confirmLabel="Revoke"
      danger
      recordedAs={viewer?.name}
      busy={revoke.isPending}
    />
  );
}
