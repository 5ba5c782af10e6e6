import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";

type PageOf<Item> = { items: Item[]; nextCursor: string | null };

/** What a DataTable needs of a list that comes in pages. Spread it. */
export function pagedRows<Item>(query: UseInfiniteQueryResult<InfiniteData<PageOf<Item>>, unknown>) {
  return {
    rows: query.data?.pages.flatMap((page) => page.items),
    hasMore: query.hasNextPage,
    onMore: () => void query.fetchNextPage(),
    loadingMore: query.isFetchingNextPage,
    error: query.error,
    onRetry: () => void query.refetch(),
  };
}

/** Where the next page starts; null ends the list. */
export const nextCursor = (page: { nextCursor: string | null }): string | null => page.nextCursor;
