import type { Metadata } from "next";
import { StoresView } from "@/components/backups/stores-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Stores" };

export default async function StoresPage() {
  await prefetch(trpc.backups.stores.queryOptions({}), trpc.backups.kit.queryOptions({}));
  return (
    <HydrateClient>
      <StoresView />
    </HydrateClient>
  );
}
