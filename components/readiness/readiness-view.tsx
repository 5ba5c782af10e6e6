"use client";
import { TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import dynamic from "next/dynamic";
import { useState } from "react";
import { SCORE_SORTS, type FleetSummary, type ListScores } from "../../server/readiness/schema/index.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { KeyFigures } from "../data/key-figures.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Page } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { SCORE_COLUMNS } from "./columns.tsx";
import { fleetStanding } from "./sentence.ts";
import { LIST_INPUT, LIST_TABS, tabOf } from "./tabs.ts";
import styles from "./readiness.module.css";

const WaiversTab = dynamic(() => import("./waivers-tab.tsx").then((module) => module.WaiversTab), { loading: () => <SkeletonRows count={4} /> });
const RisksTab = dynamic(() => import("./risks-tab.tsx").then((module) => module.RisksTab), { loading: () => <SkeletonRows count={6} /> });
const ScoringTab = dynamic(() => import("./scoring-tab.tsx").then((module) => module.ScoringTab), { loading: () => <SkeletonRows count={6} /> });
const PlanTab = dynamic(() => import("./plan-tab.tsx").then((module) => module.PlanTab), { loading: () => <SkeletonRows count={6} /> });

/** All services by score, and what belongs to all of them: waivers, risks, the plan. */
export function ReadinessView() {
  const trpc = useTRPC();
  const { data: fleet } = useQuery(trpc.readiness.summary.queryOptions({}));
  const [tabText, setTab] = useUrlState("tab");
  const tab = tabOf(LIST_TABS, tabText);
  return (
    <Page
      title="Readiness"
      sentence={fleet && fleetStanding(fleet)}
      tabs={
        <PageTabs
          label="Parts of readiness"
          tabs={[
            { value: "scores", label: "Scorecards", count: fleet?.services },
            { value: "waivers", label: "Waivers", count: fleet ? fleet.waivers.inForce + fleet.waivers.asked : undefined, state: fleet && fleet.waivers.asked > 0 ? "warn" : undefined },
            { value: "risks", label: "Risks" },
            { value: "plan", label: "Plan" },
            { value: "scoring", label: "Scoring" },
          ]}
          value={tab}
          hrefOf={(value) => (value === "scores" ? "?" : `?tab=${value}`)}
          onChange={(value) => setTab(value === "scores" ? null : value)}
        />
      }
    >
      {tab === "scores" ? <Scores fleet={fleet} /> : null}
      {tab === "waivers" ? <WaiversTab /> : null}
      {tab === "risks" ? <RisksTab /> : null}
      {tab === "plan" ? <PlanTab /> : null}
      {tab === "scoring" ? <ScoringTab /> : null}
    </Page>
  );
}

function Scores({ fleet }: { fleet: FleetSummary | undefined }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [search, setSearch] = useState("");
  const [sortText, setSort] = useUrlState("sort");
  const sort = SCORE_SORTS.find((known) => known === sortText) ?? "score";
  const input: Partial<ListScores> = { ...LIST_INPUT, sort, search };
  const list = useInfiniteQuery(trpc.readiness.list.infiniteQueryOptions(input, { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      {fleet && fleet.score !== null ? <FleetFigures fleet={fleet} /> : null}
      <div className={styles.bars}>
        <TextInput aria-label="Find a service" placeholder="Find a service" value={search} onChange={(event) => setSearch(event.currentTarget.value)} w={260} />
      </div>
      <DataTable
        label="Scorecards"
        noun="service"
        columns={SCORE_COLUMNS}
        rows={rows}
        rowId={(row) => row.serviceId}
        rowLabel={(row) => row.name}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={search ? <EmptyState title="No service matches" sentence="Names, addresses and owners are searched." /> : <NothingScored />}
        sort={{ by: sort, direction: "asc" }}
        onSort={({ by }) => setSort(by === "score" ? null : by)}
        onOpen={(row) => router.push(`/readiness/${row.slug}`)}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
      />
    </>
  );
}

function FleetFigures({ fleet }: { fleet: FleetSummary }) {
  return (
    <KeyFigures
      label="All services"
      figures={[
        { label: "Score of all services", value: fleet.score, aside: `goal ${fleet.goal}`, state: fleet.isCapped || (fleet.score ?? 0) < fleet.goal ? "warn" : "ok", progress: (fleet.score ?? 0) / 100 },
        { label: "Gold, silver, bronze", value: `${fleet.levels.gold}, ${fleet.levels.silver}, ${fleet.levels.bronze}`, aside: `${fleet.levels.none} without a level` },
        { label: "Held back in tier 1", value: fleet.heldBack, state: fleet.heldBack > 0 ? "fail" : undefined },
        { label: "Waivers in force", value: fleet.waivers.inForce, aside: fleet.waivers.endSoon > 0 ? `${fleet.waivers.endSoon} end within 7 days` : undefined },
        { label: "Rules", value: fleet.rules },
      ]}
    />
  );
}

function NothingScored() {
  return (
    <EmptyState
      drawing="bars"
      title="Nothing is scored yet"
      sentence="Every service is judged by itself, from what the console sees of it. The first scores appear within minutes."
      notes={[
        { title: "Computed, never declared", text: "Each point opens to the observation that earned it, with its time." },
        { title: "Unknown is not green", text: "A question that nobody can answer earns nothing until there is evidence." },
        { title: "Exceptions end", text: "A rule can be waived for a while when somebody else agrees. Then it counts again." },
      ]}
    />
  );
}
