import type { Metadata } from "next";
import { DrillView } from "@/components/backups/drill-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Drill" };

export default async function DrillPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.backups.drill.queryOptions({ id }), trpc.backups.log.queryOptions({ id }));
  return (
    <HydrateClient>
      <DrillView id={id} />
    </HydrateClient>
  );
}
