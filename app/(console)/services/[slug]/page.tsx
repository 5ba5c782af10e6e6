import type { Metadata } from "next";
import { ServiceDetailView } from "@/components/services/service-detail-view";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { parseTimeRange } from "@/components/shell/time-range-value";
import { prefetch, trpc, HydrateClient } from "@/components/trpc/server";
import { systemClock } from "@/server/platform/clock";
import { publicUrl } from "@/server/platform/config";

type Props = SearchProps & { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function ServicePage({ params, searchParams }: Props) {
  const { slug } = await params;
  // The ends are rounded, so the browser asks for the same moments later.
  const { from, to } = parseTimeRange(await readSearch(searchParams), systemClock().getTime());
  await prefetch(trpc.services.get.queryOptions({ id: slug }), trpc.services.latency.queryOptions({ id: slug, from, to }));
  return (
    <HydrateClient>
      <ServiceDetailView id={slug} origin={publicUrl()} />
    </HydrateClient>
  );
}
