import type { Metadata } from "next";
import { OPERATIONS_LIMIT } from "@/components/queues/list-limits";
import { OperationsView } from "@/components/queues/operations-view";
import { nextCursor } from "@/components/shell/paged";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Operations" };

export default async function OperationsPage() {
  await prefetch(trpc.queues.operations.infiniteQueryOptions({ limit: OPERATIONS_LIMIT }, { getNextPageParam: nextCursor }), trpc.queues.operations.queryOptions({ isOpen: true }));
  return (
    <HydrateClient>
      <OperationsView />
    </HydrateClient>
  );
}
