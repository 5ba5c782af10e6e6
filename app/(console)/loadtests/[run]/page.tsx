import type { Metadata } from "next";
import { RunView } from "@/components/loadtests/run-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

type Params = Promise<{ run: string }>;

export const metadata: Metadata = { title: "Load test" };

export default async function RunPage({ params }: { params: Params }) {
  const { run } = await params;
  await prefetch(trpc.loadtests.get.queryOptions({ id: run }));
  return (
    <HydrateClient>
      <RunView id={run} />
    </HydrateClient>
  );
}
