import type { Metadata } from "next";
import { OperationView } from "@/components/queues/operation-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Operation" };

export default async function OperationPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.queues.operation.queryOptions({ id }), trpc.queues.operations.queryOptions({ isOpen: true }));
  return (
    <HydrateClient>
      <OperationView id={id} />
    </HydrateClient>
  );
}
