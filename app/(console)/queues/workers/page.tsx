import type { Metadata } from "next";
import { WorkersView } from "@/components/queues/workers-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await prefetch(trpc.queues.workers.queryOptions({}), trpc.queues.operations.queryOptions({ isOpen: true }));
  return (
    <HydrateClient>
      <WorkersView />
    </HydrateClient>
  );
}
