"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ServiceSort } from "../../server/services/schema.ts";
import { useTRPC } from "../trpc/client.tsx";
import { withChip, ALL, ARCHIVED, chipOf } from "./list-filter.ts";
import { LIST_LIMIT } from "./list-limit.ts";

/** The list of a view, page by page; the last view's rows stay until the next one's arrive. */
export function useServiceList(input: { filter: string; sort: ServiceSort; direction?: "asc" | "desc" }) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.services.list.infiniteQueryOptions({ filter: input.filter, sort: input.sort, order: input.direction, limit: LIST_LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData }),
  );
  return { ...query, rows: query.data?.pages.flatMap((page) => page.items) };
}

/** Counts for the chips: of the filter without what the chips themselves choose. */
export function useServiceCounts(filter: string) {
  const trpc = useTRPC();
  const base = withChip(filter, chipOf(filter) === ARCHIVED ? ARCHIVED : ALL);
  return useQuery(trpc.services.summary.queryOptions({ filter: base }, { placeholderData: keepPreviousData }));
}
