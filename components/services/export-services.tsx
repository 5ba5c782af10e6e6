"use client";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { saveText, toCsv } from "../data/csv.ts";
import { plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useTRPCClient } from "../trpc/client.tsx";
import type { ServiceRow } from "../../server/services/schema.ts";

const HEADER = ["name", "slug", "state", "since", "reason", "tier", "environment", "owner", "domain", "tags", "uptime_24h", "p95_ms_24h", "checks", "last_result"];
/** The most that the server hands out at once. */
const PAGE_ROWS = 100;
/** A file larger than this is no longer read by people; the REST list serves machines. */
const MOST_PAGES = 100;

/** Saves every service of the present filter as CSV, not only the rows on screen. */
export function ExportServices({ filter }: { filter: string }) {
  const client = useTRPCClient();
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      const rows: ServiceRow[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const { items, nextCursor } = await client.services.list.query({ filter, sort: "name", limit: PAGE_ROWS, cursor });
        rows.push(...items);
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
      return rows;
    },
    onSuccess: (rows) => {
      saveText(`services-${new Date().toISOString().slice(0, 10)}.csv`, toCsv(HEADER, rows.map(csvRow)));
      toast({ tone: "ok", title: `${plural(rows.length, "service")} exported` });
    },
  });
  return (
    <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />} loading={isPending} onClick={() => mutate()}>
      Export
    </Button>
  );
}

function csvRow(row: ServiceRow) {
  const { name, slug, state, stateSince, stateReason, tier, environment, owner, domain, tags, uptime24h, p95Ms24h, checks, lastResultAt } = row;
  return [name, slug, state, stateSince, stateReason, tier, environment, owner, domain, tags.join(" "), uptime24h, p95Ms24h, checks, lastResultAt];
}
