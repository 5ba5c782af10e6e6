"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@mantine/core";
import { describeError } from "../data/describe-error.ts";
import { EmptyState } from "../data/empty-state.tsx";
import { ErrorState } from "../data/error-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Panel } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { WaiverEntry } from "./waiver-entry.tsx";
import styles from "./readiness.module.css";

const STATES = [{ value: "open", label: "Open" }, { value: "asked", label: "Asked" }, { value: "inForce", label: "In force" }, { value: "expired", label: "Ended" }, { value: "denied", label: "Denied" }] as const;

/** Waivers of all services. */
export function WaiversTab() {
  const trpc = useTRPC();
  const [text, setText] = useUrlState("state");
  const state = STATES.find(({ value }) => value === text)?.value ?? "open";
  const list = useInfiniteQuery(trpc.readiness.waivers.infiniteQueryOptions({ state, limit: 50 }, { getNextPageParam: (page) => page.nextCursor ?? undefined }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <FilterChips label="State" options={STATES} value={state} onChange={(next) => setText(next === "open" ? null : next)} />
      <Panel label="Waivers">
        {list.error && !rows ? <ErrorState title="Waivers could not be read" what={describeError(list.error).message} requestId={describeError(list.error).requestId} onRetry={() => void list.refetch()} /> : null}
        {!rows && !list.error ? <SkeletonRows count={4} /> : null}
        {rows?.length === 0 ? <EmptyState title="No waiver here" sentence="Open a rule that does not hold on a scorecard to ask for one. Another administrator decides, and it ends by itself." /> : null}
        {rows && rows.length > 0 ? (
          <ul className={styles.entries} style={{ margin: 0 }}>
            {rows.map((waiver) => (
              <WaiverEntry key={waiver.id} waiver={waiver} named />
            ))}
          </ul>
        ) : null}
        {list.hasNextPage ? (
          <Button variant="default" size="xs" m="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        ) : null}
      </Panel>
    </>
  );
}
