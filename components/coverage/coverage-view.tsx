"use client";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconUpload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter, useSearchParams } from "next/navigation";
import { useRef, useState } from "react";
import type { CoverageSummary, ListCoverage } from "../../server/coverage/schema/index.ts";
import { DataTable } from "../data/data-table.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { useDensity } from "../shell/density.ts";
import { Page, Panel } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { COVERAGE_COLUMNS } from "./list-columns.tsx";
import { LIST_LIMIT } from "./list-limit.ts";
import { SendFirst } from "./send-first.tsx";
import { listStanding } from "./sentence.ts";
import { leaveSample } from "./service-url.ts";
import { OUTCOME_STATES } from "./words.ts";
import styles from "./coverage.module.css";

const UploadDialog = dynamic(() => import("./upload-dialog.tsx").then((module) => module.UploadDialog), { ssr: false });
const SampleView = dynamic(() => import("./sample-view.tsx").then((module) => module.SampleView), { ssr: false });
const Worklist = dynamic(() => import("./worklist.tsx").then((module) => module.Worklist), { loading: () => <SkeletonRows count={6} /> });

const TYPING_MS = 250;
const OUTCOMES = ["fail", "incomplete", "warn", "pass"] as const;
const OUTCOME_CHIPS: Record<(typeof OUTCOMES)[number], string> = { fail: "Fails", incomplete: "Incomplete", warn: "Warning", pass: "Passes" };

/** All services with their coverage, and the files whose tests would gain most. */
export function CoverageView({ origin }: { origin: string }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const [isUploading, setUploading] = useState(false);
  const [tab, setTab] = useUrlState("tab");
  const { data: summary } = useQuery(trpc.coverage.summary.queryOptions({}));
  const [sample, setSample] = useUrlState("sample");
  const isEmpty = summary?.services === 0;
  if (isEmpty && sample) return <SampleView onLeave={leaveSample} />;
  return (
    <Page
      title="Coverage"
      sentence={summary && listStanding(summary)}
      actions={
        mayEdit && summary && !isEmpty ? (
          <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setUploading(true)}>
            Upload report
          </Button>
        ) : null
      }
      tabs={isEmpty ? null : <PageTabs label="Parts of coverage" tabs={[{ value: "services", label: "Services", count: summary?.services }, { value: "worklist", label: "What to test next" }]} value={tab || "services"} hrefOf={(value) => (value === "services" ? "/coverage" : `/coverage?tab=${value}`)} onChange={(value) => setTab(value === "services" ? null : value)} />}
    >
      {isEmpty ? (
        <Panel label="The first report">
          <SendFirst origin={origin} onSample={() => setSample("1")} />
        </Panel>
      ) : tab === "worklist" ? (
        <Worklist />
      ) : (
        <Services summary={summary} />
      )}
      {isUploading ? <UploadDialog onClose={() => setUploading(false)} /> : null}
    </Page>
  );
}

function Services({ summary }: { summary: CoverageSummary | undefined }) {
  const trpc = useTRPC();
  const router = useRouter();
  const density = useDensity();
  const [search, setSearch] = useUrlState("search");
  const chosen = useSearchParams().get("gate");
  const [, setOutcome] = useUrlState("gate");
  const outcome: ListCoverage["outcome"] = OUTCOMES.find((one) => one === chosen) ?? "all";
  const [typed, setTyped] = useState(search);
  const input = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback((text: string) => setSearch(text || null), TYPING_MS);
  useHotkeys([["/", () => input.current?.focus()]]);
  const query = useInfiniteQuery(trpc.coverage.list.infiniteQueryOptions({ search, outcome, limit: LIST_LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData }));
  const chips = [{ value: "all", label: "All" }, ...OUTCOMES.map((value) => ({ value, label: OUTCOME_CHIPS[value], count: summary?.outcomes[value], state: OUTCOME_STATES[value] }))];
  return (
    <>
      <div className={styles.bar}>
        <TextInput
          ref={input}
          className={styles.search}
          aria-label="Search services"
          placeholder="name of a service"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            send(event.currentTarget.value);
          }}
        />
        <FilterChips label="Gate" options={chips} value={outcome} onChange={(value) => setOutcome(value === "all" ? null : value)} />
      </div>
      <DataTable
        label="Coverage of services"
        noun="service"
        columns={COVERAGE_COLUMNS}
        rows={query.data?.pages.flatMap(({ items }) => items)}
        rowId={({ serviceId }) => serviceId}
        rowLabel={({ name }) => name}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<p className={styles.quiet}>No service matches.</p>}
        onOpen={({ slug }) => router.push(`/coverage/${slug}`)}
        density={density}
        hasMore={query.hasNextPage}
        onMore={() => void query.fetchNextPage()}
        loadingMore={query.isFetchingNextPage}
      />
    </>
  );
}
