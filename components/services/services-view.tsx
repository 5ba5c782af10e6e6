"use client";
import { Button } from "@mantine/core";
import { useHotkeys, useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconFileUpload, IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { ColumnChooser } from "../data/column-chooser.tsx";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { FilterBar } from "../data/filter-bar.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { WithPanel } from "../data/side-panel.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { useDensity } from "../shell/density.ts";
import { SavedViews } from "../shell/saved-views.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import type { Known } from "../shell/known.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { SERVICE_COLUMNS } from "./columns.tsx";
import { ExportServices } from "./export-services.tsx";
import { ALL, ARCHIVED, chipOf, filterQualifiers, stateChips, withChip } from "./list-filter.ts";
import { useListView } from "./list-url.ts";
import { tableSort, type ListView } from "./list-view.ts";
import { Newcomer } from "./newcomer.tsx";
import { standingOf } from "./sentence.ts";
import { useAskedDialog } from "./use-asked-dialog.ts";
import { useTypedFilter } from "./use-typed-filter.ts";
import { useServiceCounts, useServiceList } from "./use-services.ts";
import styles from "./services.module.css";

const AddService = dynamic(() => import("./add-service.tsx").then((module) => module.AddService), { ssr: false });
const BulkBar = dynamic(() => import("./bulk-bar.tsx").then((module) => module.BulkBar), { ssr: false });
const BulkProgress = dynamic(() => import("./bulk-progress.tsx").then((module) => module.BulkProgress), { ssr: false });
const ImportServices = dynamic(() => import("./import-services.tsx").then((module) => module.ImportServices), { ssr: false });
const ServicePreview = dynamic(() => import("./service-preview.tsx").then((module) => module.ServicePreview));

/** What of the address makes a saved view. */
const VIEW_PARTS = ["filter", "sort", "direction"];

/** The list of services: how they stand, a filter, the table, and a preview beside it. */
export function ServicesView({ origin }: { origin: string }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { view } = useListView();
  const adding = useAskedDialog("add", mayEdit);
  const importing = useAskedDialog("import", mayEdit);
  const { data: everything } = useQuery(trpc.services.summary.queryOptions({ filter: "" }));
  useHotkeys(mayEdit ? [["C", adding.open]] : []);
  const isNew = useIsNew(view);
  return (
    <Page
      title="Services"
      sentence={everything && standingOf(everything)}
      actions={
        mayEdit ? (
          <>
            <Button variant="default" leftSection={<IconFileUpload size={16} aria-hidden />} onClick={importing.open}>
              Import
            </Button>
            {isNew ? null : (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={adding.open}>
                Add service
              </Button>
            )}
          </>
        ) : null
      }
    >
      <ServiceList />
      {isNew ? (
        <Panel label="The first service">
          <Newcomer origin={origin} />
        </Panel>
      ) : null}
      {adding.isOpen ? <AddService opened onClose={adding.close} /> : null}
      {importing.isOpen ? <ImportServices onClose={importing.close} /> : null}
    </Page>
  );
}

/** True while the console watches nothing but itself. */
function useIsNew(view: ListView): boolean {
  const { rows, hasNextPage } = useServiceList(view);
  return view.filter === "" && rows !== undefined && !hasNextPage && rows.every((row) => row.isSelf);
}

type Choice = { checked: ReadonlySet<string>; isAll: boolean };
const NONE: Choice = { checked: new Set(), isAll: false };

/** The rows that are chosen; another filter chooses anew, and a row that leaves the list is chosen no more. */
function useChoice(filter: string, shown: readonly string[]) {
  const [choice, choose] = useState<Choice & { filter: string }>({ ...NONE, filter });
  const present = choice.filter === filter ? choice : NONE;
  const checked = new Set(shown.filter((id) => present.checked.has(id)));
  return { checked, isAll: present.isAll, choose: (next: Choice) => choose({ ...next, filter }) };
}

function ServiceList() {
  const mayEdit = useMay("editor");
  const [bulkId, setBulkId] = useUrlState("act");
  const router = useRouter();
  const density = useDensity();
  const { view, change } = useListView();
  const [hiddenColumns, setHiddenColumns] = useLocalStorage<string[]>({ key: "sw-services-columns", defaultValue: [] });
  const hidden = useMemo(() => new Set(hiddenColumns), [hiddenColumns]);
  const [filter, setFilter] = useTypedFilter(view.filter, (next) => change({ filter: next }, "replace"));
  const list = useServiceList(view);
  const total = useMatches(view.filter);
  const select = (id: string | null): void => change({ selected: id }, "replace");
  const ids = list.rows?.map((row) => row.id) ?? [];
  const { checked, isAll, choose } = useChoice(view.filter, ids);
  const move = (by: 1 | -1) => {
    const next = view.selected === null ? undefined : ids[ids.indexOf(view.selected) + by];
    return next === undefined ? undefined : () => select(next);
  };
  return (
    <>
      <ListBar filter={filter} onFilter={setFilter} hidden={hidden} onHidden={(next) => setHiddenColumns([...next])} total={total} />
      {mayEdit && checked.size > 0 ? (
        <BulkBar
          checked={checked}
          isAll={isAll}
          onAll={() => choose({ checked, isAll: true })}
          onClear={() => choose(NONE)}
          filter={view.filter}
          total={total}
          shown={ids.length}
          isArchived={chipOf(view.filter) === ARCHIVED}
          onStarted={(id) => {
            choose(NONE);
            setBulkId(id);
          }}
        />
      ) : null}
      {bulkId ? <BulkProgress id={bulkId} onClose={() => setBulkId(null)} /> : null}
      <WithPanel panel={view.selected ? <ServicePreview key={view.selected} id={view.selected} onClose={() => select(null)} onPrevious={move(-1)} onNext={move(1)} /> : null}>
        <DataTable
          label="Services"
          noun="service"
          columns={SERVICE_COLUMNS}
          rows={list.rows}
          rowId={rowId}
          rowLabel={rowName}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={view.filter === "" ? undefined : <NothingFound onClear={() => setFilter("")} isArchived={chipOf(view.filter) === ARCHIVED} />}
          sort={tableSort(view)}
          onSort={({ by, direction }) => change({ sort: by as ListView["sort"], direction })}
          selected={view.selected}
          onSelect={select}
          onOpen={(row) => router.push(`/services/${row.slug}`)}
          checked={mayEdit ? checked : undefined}
          onCheck={mayEdit ? (next) => choose({ checked: next, isAll: false }) : undefined}
          hidden={hidden}
          density={density}
          total={total}
          hasMore={list.hasNextPage}
          onMore={() => void list.fetchNextPage()}
          loadingMore={list.isFetchingNextPage}
          footer={<ListAge query={list} />}
        />
      </WithPanel>
    </>
  );
}

function ListAge({ query }: { query: Known }) {
  const { isStale, at } = useFreshness(query);
  return isStale || at === null ? at : <>Updated {at}</>;
}

const rowId = (row: { id: string }): string => row.id;
const rowName = (row: { name: string }): string => row.name;

function useMatches(filter: string): number | undefined {
  const { data } = useServiceCounts(filter);
  const chip = chipOf(filter);
  if (!data || chip === "") return undefined;
  if (chip === ALL || chip === ARCHIVED) return data.counts.all;
  return (data.counts as Record<string, number>)[chip];
}

interface ListBarProps {
  filter: string;
  onFilter: (filter: string) => void;
  hidden: ReadonlySet<string>;
  onHidden: (hidden: Set<string>) => void;
  total: number | undefined;
}

function ListBar({ filter, onFilter, hidden, onHidden, total }: ListBarProps) {
  const trpc = useTRPC();
  const { data: facets } = useQuery(trpc.services.facets.queryOptions({}));
  const { data: summary } = useServiceCounts(filter);
  const isArchived = chipOf(filter) === ARCHIVED;
  return (
    <div className={styles.bar}>
      <FilterBar label="Filter services" value={filter} onChange={onFilter} qualifiers={filterQualifiers(facets)} placeholder="owner, tier, state or a name" matches={total} />
      <FilterChips label="State" options={stateChips(isArchived ? undefined : summary?.counts)} value={chipOf(filter)} onChange={(chip) => onFilter(withChip(filter, chip))} />
      <div className={styles.spring}>
        <SavedViews list="services" parts={VIEW_PARTS} />
        <ExportServices filter={filter} />
        <ColumnChooser columns={SERVICE_COLUMNS} hidden={hidden} onChange={onHidden} />
      </div>
    </div>
  );
}

function NothingFound({ onClear, isArchived }: { onClear: () => void; isArchived: boolean }) {
  return (
    <EmptyState
      title={isArchived ? "Nothing is archived" : "No service matches"}
      sentence={isArchived ? "Archived services keep their history and can be restored from here." : "Every word and qualifier of the filter must hold. Take one away, or start again."}
      action={
        <Button variant="default" onClick={onClear}>
          Show all services
        </Button>
      }
    />
  );
}
