import type { Metadata } from "next";
import { ReadinessView } from "@/components/readiness/readiness-view";
import { LIST_INPUT } from "@/components/readiness/tabs";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Readiness" };

export default async function ReadinessPage() {
  await prefetch(
    trpc.readiness.summary.queryOptions({}),
    trpc.readiness.list.infiniteQueryOptions({ ...LIST_INPUT, search: "" }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  return (
    <HydrateClient>
      <ReadinessView />
    </HydrateClient>
  );
}
