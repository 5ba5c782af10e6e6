import type { Metadata } from "next";
import { ReportView } from "@/components/readiness/report-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

type Params = Promise<{ slug: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: `Pre-production review of ${(await params).slug}` };
}

export default async function ReportPage({ params }: { params: Params }) {
  const { slug } = await params;
  await prefetch(trpc.readiness.get.queryOptions({ id: slug }));
  return (
    <HydrateClient>
      <ReportView id={slug} />
    </HydrateClient>
  );
}
