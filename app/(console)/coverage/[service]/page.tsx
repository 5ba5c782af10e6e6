import type { Metadata } from "next";
import { ServiceCoverageView } from "@/components/coverage/service-coverage-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

type Params = Promise<{ service: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: `Coverage of ${(await params).service}` };
}

export default async function ServiceCoveragePage({ params }: { params: Params }) {
  const { service } = await params;
  await prefetch(trpc.coverage.get.queryOptions({ service }));
  return (
    <HydrateClient>
      <ServiceCoverageView service={service} origin={publicUrl()} />
    </HydrateClient>
  );
}
