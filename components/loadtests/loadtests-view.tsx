"use client";
import { Button, TextInput } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { LoadSummary } from "../../server/loadtests/schema.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { formatCount } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { SCENARIO_COLUMNS } from "./columns.tsx";
import { FirstRun } from "./first-run.tsx";
import { LIST_INPUT } from "./list-input.ts";
import { summaryStanding } from "./words.ts";
import styles from "./loadtests.module.css";

const SampleView = dynamic(() => import("./sample-view.tsx").then((module) => module.SampleView), { ssr: false });
const RulesDialog = dynamic(() => import("./rules-dialog.tsx").then((module) => module.RulesDialog), { ssr: false });

/** Load tests of all services: what passes, what got worse, and the most that was proven. */
export function LoadtestsView({ origin }: { origin: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { data: summary } = useQuery(trpc.loadtests.summary.queryOptions({}));
  const [service, setService] = useUrlState("service");
  const [search, setSearch] = useState("");
  const [isJudging, setJudging] = useState(false);
  const mayEdit = useMay("editor");
  const list = useInfiniteQuery(trpc.loadtests.scenarios.infiniteQueryOptions({ ...LIST_INPUT, search, ...(service ? { service } : {}) }, { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const [sample, setSample] = useUrlState("sample");
  const isNew = summary?.runs === 0;
  if (isNew && sample) return <SampleView onLeave={() => setSample(null)} />;
  return (
    <Page
      title="Load tests"
      sentence={summary && summaryStanding(summary)}
      actions={
        mayEdit ? (
          <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />} onClick={() => setJudging(true)}>
            Rules
          </Button>
        ) : null
      }
    >
      {isJudging ? <RulesDialog service={service || undefined} onClose={() => setJudging(false)} /> : null}
      {summary && !isNew ? <Figures summary={summary} /> : null}
      {isNew ? (
        <Panel label="The first load test">
          <FirstRun origin={origin} onSample={() => setSample("1")} />
        </Panel>
      ) : (
        <>
          <div className={styles.bars}>
            <TextInput aria-label="Find a scenario" placeholder="Find a scenario or service" value={search} onChange={(event) => setSearch(event.currentTarget.value)} w={260} />
            {service ? (
              <button type="button" className="sw-link" onClick={() => setService(null)}>
                Only {service}: show all
              </button>
            ) : null}
          </div>
          <DataTable
            label="Scenarios"
            noun="scenario"
            columns={SCENARIO_COLUMNS}
            rows={rows}
            rowId={(row) => `${row.serviceId}/${row.scenario}/${row.profile}`}
            rowLabel={(row) => `${row.scenario} of ${row.serviceName}`}
            error={list.error}
            onRetry={() => void list.refetch()}
            empty={<EmptyState title="No scenario matches" sentence="Names of scenarios, services and profiles are searched." />}
            onOpen={(row) => router.push(`/loadtests/${row.latest.id}`)}
            hasMore={list.hasNextPage}
            onMore={() => void list.fetchNextPage()}
            loadingMore={list.isFetchingNextPage}
          />
        </>
      )}
    </Page>
  );
}

function Figures({ summary }: { summary: LoadSummary }) {
  return (
    <KeyFigures
      label="Load tests in figures"
      figures={[
        { label: "Scenarios passing", value: summary.passed, aside: `of ${summary.passed + summary.failed}`, state: summary.failed > 0 ? "fail" : "ok" },
        { label: "Worse than baseline", value: summary.regressions, state: summary.regressions > 0 ? "warn" : undefined },
        { label: "Most users proven", value: summary.highest ? formatCount(summary.highest.users) : "none", aside: summary.highest ? `${summary.highest.profile}, ${summary.highest.serviceName}` : undefined },
        { label: "Services tested", value: summary.services, aside: `of ${summary.servicesInAll}`, progress: summary.servicesInAll === 0 ? 0 : summary.services / summary.servicesInAll },
        { label: "Runs", value: formatCount(summary.runs) },
      ]}
    />
  );
}
