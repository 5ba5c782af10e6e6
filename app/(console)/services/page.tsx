import type { Metadata } from "next";
import { LIST_LIMIT } from "@/components/services/list-limit";
import { ServicesView } from "@/components/services/services-view";
import { readListView } from "@/components/services/list-view";
import { prefetch, trpc, HydrateClient } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

export const metadata: Metadata = { title: "Services" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function ServicesPage({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const { filter, sort, direction } = readListView({ get: (name) => [search[name]].flat()[0] ?? null });
  await prefetch(
    trpc.services.list.infiniteQueryOptions({ filter, sort, order: direction, limit: LIST_LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
    trpc.services.summary.queryOptions({ filter: "" }),
    trpc.services.facets.queryOptions({}),
  );
  return (
    <HydrateClient>
      <ServicesView origin={publicUrl()} />
    </HydrateClient>
  );
}
