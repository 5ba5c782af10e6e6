import type { Metadata } from "next";
import { CoverageView } from "@/components/coverage/coverage-view";
import { LIST_LIMIT } from "@/components/coverage/list-limit";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

export const metadata: Metadata = { title: "Coverage" };

export default async function CoveragePage() {
  await prefetch(
    trpc.coverage.summary.queryOptions({}),
    trpc.coverage.list.infiniteQueryOptions({ search: "", outcome: "all", limit: LIST_LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  return (
    <HydrateClient>
      <CoverageView origin={publicUrl()} />
    </HydrateClient>
  );
}
