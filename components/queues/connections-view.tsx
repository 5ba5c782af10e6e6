"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { Connection, ConnectionList } from "../../server/queues/schema/index.ts";
import { DataTable, type Column } from "../data/data-table.tsx";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import type { Standing } from "../data/standing.ts";
import { StatusText } from "../data/status.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ConnectionPanel } from "./connection-panel.tsx";
import { CONNECTION_WORDS, KIND_WORDS } from "./connection-words.ts";
import { QueuesTabs } from "./queues-tabs.tsx";

const ConnectionDialog = dynamic(() => import("./connection-form.tsx").then((module) => module.ConnectionDialog), { ssr: false });

const COLUMNS: readonly Column<Connection>[] = [
  { id: "name", header: "Connection", phone: true, hideable: false, cell: (row) => row.name },
  { id: "kind", header: "Kind", width: 110, phone: true, cell: (row) => KIND_WORDS[row.kind] },
  { id: "state", header: "State", width: 150, phone: true, cell: (row) => <StatusText state={CONNECTION_WORDS[row.state].state}>{CONNECTION_WORDS[row.state].word}</StatusText> },
  { id: "queues", header: "Queues", width: 80, align: "right", cell: (row) => formatCount(row.queues) },
  { id: "target", header: "Leads to", wide: true, cell: (row) => row.target },
  { id: "found", header: "Found there", wide: true, width: 220, cell: (row) => row.found ?? "–" },
  { id: "read", header: "Last read", width: 120, align: "right", cell: (row) => <RelativeTime at={row.lastReadAt} never="never" /> },
];

function standingOf({ items }: ConnectionList): Standing {
  const down = items.filter(({ state }) => state === "down");
  const queues = plural(items.reduce((sum, item) => sum + item.queues, 0), "queue");
  if (down.length > 0) return { tone: "fail", lead: `${down.map(({ name }) => name).join(", ")} ${down.length === 1 ? "does" : "do"} not answer.`, rest: "What was last known of them stays, and they are tried again by themselves." };
  return { tone: "ok", lead: `${plural(items.length, "connection")} ${items.length === 1 ? "answers" : "answer"}.`, rest: `${queues} in all.` };
}

/** Queue systems that are watched; a panel shows what was tried and what each can do. */
export function ConnectionsView() {
  const trpc = useTRPC();
  const density = useDensity();
  const mayEdit = useMay("editor");
  const [selected, select] = useUrlState("connection");
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(trpc.queues.connections.queryOptions({}));
  const { at } = useFreshness(query);
  const rows = query.data?.items;
  const chosen = rows?.find((row) => row.id === selected);
  return (
    <Page
      title="Queue connections"
      sentence={query.data && standingOf(query.data)}
      tabs={<QueuesTabs />}
      actions={
        mayEdit ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Connect a queue system
          </Button>
        ) : null
      }
    >
      <WithPanel panel={chosen ? <ConnectionPanel key={chosen.id} connection={chosen} onClose={() => select(null)} /> : null}>
        <DataTable
          label="Connections"
          noun="connection"
          columns={COLUMNS}
          rows={rows}
          rowId={(row) => row.id}
          selected={selected || null}
          onSelect={select}
          density={density}
          total={rows?.length}
          error={query.error}
          onRetry={() => void query.refetch()}
          footer={at}
        />
      </WithPanel>
      {isAdding ? <ConnectionDialog connection={null} onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
