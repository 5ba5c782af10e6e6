"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Block } from "../../server/limits/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { DataTable, type Column } from "../data/data-table.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./limits.module.css";

const STATES = [
  { value: "", label: "Blocked now" },
  { value: "all", label: "All" },
];

function stateOf(block: Block) {
  if (block.isActive) return <StatusText state="fail">Blocked</StatusText>;
  return block.liftedBy ? <StatusText state="unknown">Lifted by {block.liftedBy}</StatusText> : <StatusText state="unknown">Ended</StatusText>;
}

function columnsOf(onUnblock: ((block: Block) => void) | null): Column<Block>[] {
  return [
    { id: "address", header: "Address", phone: true, cell: (block) => <code className={styles.wrap}>{block.address}</code> },
    { id: "state", header: "State", width: 160, phone: true, cell: stateOf },
    { id: "reason", header: "Why", cell: (block) => `${block.reason}${block.level > 1 ? `, block ${block.level} in a row` : ""}` },
    { id: "since", header: "Since", width: 112, wide: true, cell: (block) => <RelativeTime at={block.blockedAt} /> },
    { id: "until", header: "Ends", width: 112, cell: (block) => <RelativeTime at={block.blockedUntil} /> },
    {
      id: "act",
      header: "Act",
      hiddenHeader: true,
      width: 104,
      align: "right",
      phone: true,
      cell: (block) =>
        block.isActive && onUnblock ? (
          <Button size="xs" variant="default" onClick={() => onUnblock(block)} aria-label={`Unblock ${block.address}`}>
            Unblock
          </Button>
        ) : null,
    },
  ];
}

/** Addresses that failed to sign in too often, with reason and end. */
export function BlocksTable() {
  const trpc = useTRPC();
  const mayUnblock = useMay("admin");
  const [state, setState] = useUrlState("blocks");
  const [chosen, choose] = useState<Block | null>(null);
  const query = useInfiniteQuery(trpc.limits.blocks.infiniteQueryOptions({ state: state === "all" ? "all" : "active" }, { getNextPageParam: nextCursor }));
  const paged = pagedRows(query);
  return (
    <>
      <div className={styles.head}>
        <FilterChips label="Blocks" options={STATES} value={state} onChange={setState} />
      </div>
      <DataTable
        label="Blocks"
        noun="block"
        columns={columnsOf(mayUnblock ? choose : null)}
        rowId={(block) => block.address}
        density="compact"
        empty={<p className={styles.empty}>{state === "all" ? "No address was blocked in the last 30 days." : "No address is blocked."}</p>}
        {...paged}
      />
      <UnblockDialog block={chosen} onClose={() => choose(null)} />
    </>
  );
}

function UnblockDialog({ block, onClose }: { block: Block | null; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const unblock = useMutation(
    trpc.limits.unblock.mutationOptions({
      onSuccess: () => toast({ tone: "ok", title: `${block?.address ?? "The address"} may try again` }),
      onSettled: async () => {
        onClose();
        await client.invalidateQueries(trpc.limits.pathFilter());
      },
    }),
  );
  return (
    <Confirm
      opened={block !== null}
      onClose={onClose}
      onConfirm={() => block && unblock.mutate({ address: block.address })}
      title={`Unblock ${block?.address ?? ""}`}
      sentence="Whoever sits behind this address may try to sign in again at once, with all attempts."
      consequence={{ title: "If it goes on failing", text: "Five more failures block it again, twice as long as this time." }}
      confirmLabel="Unblock"
      recordedAs={viewer?.name}
      busy={unblock.isPending}
    />
  );
}
