import type { Metadata } from "next";
import { RunView } from "@/components/backups/run-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Run" };

export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.backups.run.queryOptions({ id }), trpc.backups.log.queryOptions({ id }));
  return (
    <HydrateClient>
      <RunView id={id} />
    </HydrateClient>
  );
}
