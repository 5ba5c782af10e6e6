import type { Metadata } from "next";
import { LimitsView } from "@/components/limits/limits-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage() {
  await prefetch(trpc.limits.summary.queryOptions({}), trpc.limits.list.queryOptions({}), trpc.limits.exceptions.queryOptions({}));
  return (
    <HydrateClient>
      <LimitsView />
    </HydrateClient>
  );
}
