import type { Metadata } from "next";
import { NewPlanView } from "@/components/backups/new-plan-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "New plan" };

export default async function NewPlanPage() {
  await prefetch(trpc.backups.stores.queryOptions({}));
  return (
    <HydrateClient>
      <NewPlanView />
    </HydrateClient>
  );
}
