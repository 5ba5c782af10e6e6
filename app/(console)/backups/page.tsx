import type { Metadata } from "next";
import { PlansView } from "@/components/backups/plans-view";
import { PLANS_INPUT } from "@/components/backups/inputs";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

export const metadata: Metadata = { title: "Backups" };

export default async function BackupsPage() {
  await prefetch(trpc.backups.list.queryOptions(PLANS_INPUT), trpc.backups.summary.queryOptions({}), trpc.backups.kit.queryOptions({}));
  return (
    <HydrateClient>
      <PlansView origin={publicUrl()} />
    </HydrateClient>
  );
}
