import type { Metadata } from "next";
import { SecurityView } from "@/components/access/security-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Security" };

export default async function Page() {
  await prefetch(trpc.access.secondFactor.queryOptions({}));
  return (
    <HydrateClient>
      <SecurityView />
    </HydrateClient>
  );
}
