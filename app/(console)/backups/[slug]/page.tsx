import type { Metadata } from "next";
import { CATALOGUE_LIMIT, DRILLS_LIMIT } from "@/components/backups/inputs";
import { PlanView } from "@/components/backups/plan-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

type Params = Promise<{ slug: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function PlanPage({ params }: { params: Params }) {
  const { slug } = await params;
  await prefetch(
    trpc.backups.get.queryOptions({ id: slug }),
    trpc.backups.history.queryOptions({ id: slug }),
    trpc.backups.runs.infiniteQueryOptions({ id: slug, limit: CATALOGUE_LIMIT }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
    trpc.backups.drills.queryOptions({ id: slug, limit: DRILLS_LIMIT }),
  );
  return (
    <HydrateClient>
      <PlanView id={slug} />
    </HydrateClient>
  );
}
