"use client";
import { TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { CoverageDetail, ListFiles } from "../../server/coverage/schema/index.ts";
import { DataTable } from "../data/data-table.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { useDensity } from "../shell/density.ts";
import { useTRPC } from "../trpc/client.tsx";
import { fileColumns } from "./file-columns.tsx";
import { FileView } from "./file-view.tsx";
import { FolderCrumbs } from "./folder-crumbs.tsx";
import { useCoverageView } from "./service-url.ts";
import styles from "./coverage.module.css";

const LIMIT = 50;
const TYPING_MS = 250;
const SORTS: readonly ListFiles["sort"][] = ["uncovered", "percent", "risk", "path"];
const SORT_CHIPS = [
  { value: "uncovered", label: "Most uncovered lines" },
  { value: "risk", label: "Most risk" },
  { value: "percent", label: "Least covered" },
  { value: "path", label: "By path" },
];

/** All files of the commit, or one with its lines. */
export function FilesTab({ detail, latest }: { detail: CoverageDetail; latest: NonNullable<CoverageDetail["latest"]> }) {
  const { view, go } = useCoverageView();
  if (view.file) return <FileView place={{ service: detail.slug, commit: latest.commit, flag: view.flag, path: view.file }} levels={detail.policy.gate.levels.lines} onClose={() => go({ file: "" })} />;
  return <FileList detail={detail} commit={latest.commit} />;
}

function FileList({ detail, commit }: { detail: CoverageDetail; commit: string }) {
  const trpc = useTRPC();
  const density = useDensity();
  const { view, go } = useCoverageView();
  const [typed, setTyped] = useState(view.search);
  const input = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback((search: string) => go({ search }, "replace"), TYPING_MS);
  useHotkeys([["/", () => input.current?.focus()]]);
  const sort = SORTS.find((one) => one === view.sort) ?? "uncovered";
  const query = useInfiniteQuery(
    trpc.coverage.files.infiniteQueryOptions(
      { service: detail.slug, commit, sort, search: view.search, folder: view.folder, limit: LIMIT, ...(view.flag ? { flag: view.flag } : {}) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const first = query.data?.pages[0];
  return (
    <>
      <div className={styles.bar}>
        <TextInput
          ref={input}
          className={styles.search}
          aria-label="Search files"
          placeholder="part of a path"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            send(event.currentTarget.value);
          }}
        />
        <FilterChips label="Order" options={SORT_CHIPS} value={sort} onChange={(next) => go({ sort: next }, "replace")} />
        {view.folder ? <FolderCrumbs folder={view.folder} onFolder={(folder) => go({ folder })} /> : null}
      </div>
      <DataTable
        label="Files"
        noun="file"
        columns={fileColumns(detail.policy.gate.levels.lines, true)}
        rows={query.data?.pages.flatMap(({ items }) => items)}
        rowId={({ path }) => path}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<p className={styles.quiet}>{first?.hasDetail === false ? "The files of this commit are no longer kept; its figures are." : "No file matches."}</p>}
        sort={{ by: sort, direction: sort === "path" || sort === "percent" ? "asc" : "desc" }}
        onSort={({ by }) => go({ sort: by }, "replace")}
        onOpen={({ path }) => go({ file: path })}
        density={density}
        total={first?.total}
        hasMore={query.hasNextPage}
        onMore={() => void query.fetchNextPage()}
        loadingMore={query.isFetchingNextPage}
      />
    </>
  );
}
