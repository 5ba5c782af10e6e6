import type { Metadata } from "next";
import { QueuesView } from "@/components/queues/queues-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Queues" };

export default async function QueuesPage() {
  await prefetch(trpc.queues.list.queryOptions({}), trpc.queues.summary.queryOptions({ range: "24h" }));
  return (
    <HydrateClient>
      <QueuesView />
    </HydrateClient>
  );
}
