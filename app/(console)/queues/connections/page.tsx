import type { Metadata } from "next";
import { ConnectionsView } from "@/components/queues/connections-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Queue connections" };

export default async function ConnectionsPage() {
  await prefetch(trpc.queues.connections.queryOptions({}), trpc.queues.operations.queryOptions({ isOpen: true }));
  return (
    <HydrateClient>
      <ConnectionsView />
    </HydrateClient>
  );
}
