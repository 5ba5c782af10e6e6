import type { Metadata } from "next";
import { ServiceDetailView } from "@/components/services/service-detail-view";
import { prefetch, trpc, HydrateClient } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

type Params = Promise<{ slug: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function ServicePage({ params }: { params: Params }) {
  const { slug } = await params;
  await prefetch(trpc.services.get.queryOptions({ id: slug }));
  return (
    <HydrateClient>
      <ServiceDetailView id={slug} origin={publicUrl()} />
    </HydrateClient>
  );
}
