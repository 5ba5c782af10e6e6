"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useDebouncedValue } from "@mantine/hooks";
import type { JobState, QueueDetail, QueueRef } from "../../server/queues/schema/index.ts";
import { DataTable } from "../data/data-table.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { formatCount } from "../data/format.ts";
import { PageTabs } from "../data/page-tabs.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { useDensity } from "../shell/density.ts";
import { useFreshness } from "../shell/freshness.tsx";
import { nextCursor, pagedRows } from "../shell/paged.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { jobColumns } from "./job-columns.tsx";
import { JobPanel } from "./job-panel.tsx";
import { JOB_QUALIFIERS } from "./job-qualifiers.ts";
import { JOBS_LIMIT } from "./list-limits.ts";
import type { Target } from "./start-operation.tsx";
import { jobStateOf, stateWords, tabStates } from "./state-words.ts";
import styles from "./jobs.module.css";

/** Most that can be picked one by one; more are chosen by the filter. */
const PICK_MAX = 500;
/** A filter is asked for when typing rests this long. */
const TYPING_MS = 250;

/** The jobs of a queue by state, with a filter, a selection to act on, and a panel for each. */
export function JobsSection({ of, queue }: { of: QueueRef; queue: QueueDetail | undefined }) {
  const [stateText, setState] = useUrlState("state");
  const [filter, setFilter] = useUrlState("q");
  const [, select] = useUrlState("job");
  const state = jobStateOf(stateText, queue?.kind);
  const choose = (next: string) => {
    select(null);
    setState(next);
  };
  return (
    <>
      <StateTabs queue={queue} state={state} onChange={choose} />
      <JobList key={state} of={of} queue={queue} state={state} filter={filter} onFilter={setFilter} />
    </>
  );
}

function StateTabs({ queue, state, onChange }: { queue: QueueDetail | undefined; state: JobState; onChange: (state: string) => void }) {
  const tabs = tabStates(queue?.kind).map((value) => {
    const { word, state: tone } = stateWords(value, queue?.kind);
    const count = queue?.counts[value];
    return { value, label: word, count, state: tone === "fail" && count ? tone : undefined };
  });
  return <PageTabs label="Jobs by state" tabs={tabs} value={state} hrefOf={(value) => `?state=${value}`} onChange={onChange} />;
}

type ListProps = { of: QueueRef; queue: QueueDetail | undefined; state: JobState; filter: string; onFilter: (filter: string) => void };

function useMatching({ of, queue, state, filter }: ListProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.queues.previewOperation.queryOptions({ ...of, state, filter, operation: "discard" }, { enabled: filter !== "" }));
  if (filter !== "") return data && { count: data.count, isExact: data.isExact };
  return queue && { count: queue.counts[state], isExact: true };
}

function JobList(props: ListProps) {
  const { of, queue, state, filter: typed, onFilter } = props;
  const [filter] = useDebouncedValue(typed, TYPING_MS);
  const trpc = useTRPC();
  const density = useDensity();
  const mayEdit = useMay("editor");
  const [selected, select] = useUrlState("job");
  const [checked, check] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const query = useInfiniteQuery(trpc.queues.jobs.infiniteQueryOptions({ ...of, state, filter, limit: JOBS_LIMIT }, { getNextPageParam: nextCursor, placeholderData: keepPreviousData }));
  const { at } = useFreshness(query);
  const matching = useMatching({ ...props, filter });
  const rows = query.data?.pages.flatMap((page) => page.items);
  const ids = rows?.map((row) => row.id) ?? [];
  const move = (by: 1 | -1) => {
    const next = selected ? ids[ids.indexOf(selected) + by] : undefined;
    return next === undefined || !ids.includes(selected) ? undefined : () => select(next);
  };
  const clear = () => {
    check(new Set());
    setAll(false);
  };
  const [asked, setAsked] = useState(filter);
  // What was selected was selected among others.
  if (asked !== filter) {
    setAsked(filter);
    clear();
  }
  const pick = (next: ReadonlySet<string>) => {
    setAll(false);
    check(new Set([...next].slice(0, PICK_MAX)));
  };
  const target: Target | null = isAll && matching
    ? { of, state, filter, ids: null, ...matching }
    : checked.size > 0 ? { of, state, filter, ids: [...checked], count: checked.size, isExact: true } : null;
  const scan = query.data?.pages.at(-1)?.scan;
  const hasNames = rows?.some((row) => row.name !== of.queue) ?? false;
  const selection = mayEdit && state !== "active" ? { checked: isAll ? new Set(ids) : checked, onCheck: pick } : {};
  return (
    <WithPanel panel={selected ? <JobPanel key={selected} of={of} queue={queue} id={selected} onClose={() => select(null)} onPrevious={move(-1)} onNext={move(1)} /> : null}>
      <div className={styles.list}>
        <div className={styles.filter}>
          <FilterBar label="Filter jobs" value={typed} onChange={onFilter} qualifiers={JOB_QUALIFIERS} placeholder="error:timeout age:>1h data.customer.id:42" matches={filter === "" ? undefined : matching?.count} />
        </div>
        {mayEdit && queue ? <BulkBar queue={queue} target={target} matching={matching} onAll={() => setAll(true)} onClear={clear} /> : null}
        <DataTable
          label={`Jobs, ${stateWords(state, queue?.kind).word.toLowerCase()}`}
          noun="job"
          columns={jobColumns(state, hasNames)}
          rowId={(job) => job.id}
          rowLabel={(job) => job.id}
          selected={selected || null}
          onSelect={select}
          {...selection}
          density={density}
          footer={scan ? <ScanNote looked={scan.looked} total={scan.total} /> : at}
          empty={<p className={styles.empty}>{emptyWords(state, filter)}</p>}
          {...pagedRows(query)}
        />
      </div>
    </WithPanel>
  );
}

/** Says how much was searched where a system cannot search. */
function ScanNote({ looked, total }: { looked: number; total: number | null }) {
  return <>Last {formatCount(looked)}{total === null ? "" : ` of ${formatCount(total)}`} looked at</>;
}

function emptyWords(state: JobState, filter: string): string {
  if (filter !== "") return "No job matches this filter.";
  if (state === "completed") return "No job is kept as done. Finished jobs stay for an hour, or as long as their system keeps them.";
  if (state === "dead") return "No dead letter. Jobs come here when their last attempt failed.";
  return `No job is ${stateWords(state, undefined).word.toLowerCase()}.`;
}
