import type { Metadata } from "next";
import { RestoreView } from "@/components/backups/restore-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Restore" };

export default async function RestorePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.backups.restore.queryOptions({ id }), trpc.backups.log.queryOptions({ id }));
  return (
    <HydrateClient>
      <RestoreView id={id} />
    </HydrateClient>
  );
}
