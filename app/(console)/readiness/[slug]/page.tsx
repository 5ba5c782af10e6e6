import type { Metadata } from "next";
import { ScorecardView } from "@/components/readiness/scorecard-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

type Params = Promise<{ slug: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: `Readiness of ${(await params).slug}` };
}

export default async function ScorecardPage({ params }: { params: Params }) {
  const { slug } = await params;
  await prefetch(trpc.readiness.get.queryOptions({ id: slug }));
  return (
    <HydrateClient>
      <ScorecardView id={slug} origin={publicUrl()} />
    </HydrateClient>
  );
}
