import type { Metadata } from "next";
import { LIST_INPUT } from "@/components/loadtests/list-input";
import { LoadtestsView } from "@/components/loadtests/loadtests-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

export const metadata: Metadata = { title: "Load tests" };

export default async function LoadtestsPage() {
  await prefetch(
    trpc.loadtests.summary.queryOptions({}),
    trpc.loadtests.scenarios.infiniteQueryOptions(LIST_INPUT, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  return (
    <HydrateClient>
      <LoadtestsView origin={publicUrl()} />
    </HydrateClient>
  );
}
