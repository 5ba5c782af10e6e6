"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback } from "react";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { Page } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { BackupsTabs } from "./backups-tabs.tsx";
import { PLANS_INPUT } from "./inputs.ts";
import { KitBanner } from "./kit-banner.tsx";
import { PLAN_COLUMNS } from "./plan-columns.tsx";
import { LEVEL_STATE } from "./words.ts";

/** Every plan with the one line that matters. */
export function PlansView({ origin }: { origin: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const search = useSearchParams();
  const density = useDensity();
  const mayEdit = useMay("editor");
  const isArchived = search.get("archived") === "1";
  const plans = useQuery(trpc.backups.list.queryOptions({ ...PLANS_INPUT, archived: isArchived }));
  const { data: summary } = useQuery(trpc.backups.summary.queryOptions({}));
  const { at } = useFreshness(plans);
  const selected = search.get("selected");
  const select = useCallback((id: string | null) => {
    const next = new URLSearchParams(window.location.search);
    if (id === null) next.delete("selected");
    else next.set("selected", id);
    window.history.replaceState(null, "", next.size > 0 ? `?${next.toString()}` : window.location.pathname);
  }, []);
  return (
    <Page
      title="Backups"
      sentence={summary && { tone: LEVEL_STATE[summary.level], lead: summary.sentence }}
      actions={
        mayEdit ? (
          <Button component={Link} href="/backups/new" leftSection={<IconPlus size={16} aria-hidden />}>
            New plan
          </Button>
        ) : null
      }
      tabs={<BackupsTabs />}
    >
      <KitBanner />
      <DataTable
        label="Plans"
        noun="plan"
        columns={PLAN_COLUMNS}
        rows={plans.data?.items}
        rowId={(row) => row.id}
        rowLabel={(row) => row.name}
        error={plans.error}
        onRetry={() => void plans.refetch()}
        empty={isArchived ? <EmptyState title="Nothing is archived" sentence="Archived plans keep their backups and can be taken back into use." /> : <FirstPlan origin={origin} />}
        selected={selected}
        onSelect={select}
        onOpen={(row) => router.push(`/backups/${row.slug}`)}
        density={density}
        footer={
          <>
            <Link href={isArchived ? "/backups" : "/backups?archived=1"} className="sw-link">
              {isArchived ? "Plans in use" : "Archived plans"}
            </Link>{" "}
            {at ? <>Updated {at}</> : null}
          </>
        }
      />
    </Page>
  );
}

function FirstPlan({ origin }: { origin: string }) {
  const mayEdit = useMay("editor");
  return (
    <EmptyState
      title="Back up your first database"
      sentence="Say what to back up, when and where to. The console restores it into a scratch database and compares what is there, so that you know it works."
      snippets={[{ name: "curl", code: `curl -X POST ${origin}/api/v1/backups/plans/seaworthy/runs \\\n  -H "Authorization: Bearer $SEAWORTHY_API_KEY" \\\n  -H "Content-Type: application/json" -d '{}'` }]}
      action={
        mayEdit ? (
          <Button component={Link} href="/backups/new">
            New plan
          </Button>
        ) : null
      }
    />
  );
}
