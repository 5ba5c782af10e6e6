"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Transitions } from "./transitions.tsx";
import styles from "./detail.module.css";

const PAGE_ROWS = 50;

/** Every change of state that is kept, newest first. */
export function TimelineTab({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery(
    trpc.services.transitions.infiniteQueryOptions({ id: service.id, limit: PAGE_ROWS }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  return (
    <div className={styles.narrow}>
      <Card title="Changes of state" footer={{ source: "Service and checks, newest first", at: <RelativeTime at={dataUpdatedAt || null} never="" /> }}>
        {error && !data ? <ErrorState title="The timeline could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
        {!data && !error ? <SkeletonRows count={6} /> : null}
        {data ? <Transitions rows={data.pages.flatMap((page) => page.items)} /> : null}
        {hasNextPage ? (
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load more
          </Button>
        ) : null}
      </Card>
    </div>
  );
}
