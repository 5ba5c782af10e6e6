import type { Metadata } from "next";
import { queueRange } from "@/components/queues/depth-series";
import { SUMMARY_INPUT } from "@/components/services/summary-input";
import { Overview } from "@/components/shell/overview";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { parseTimeRange } from "@/components/shell/time-range-value";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage({ searchParams }: SearchProps) {
  const { key } = parseTimeRange(await readSearch(searchParams), Date.now());
  await prefetch(
    trpc.services.summary.queryOptions({ filter: "" }),
    trpc.services.list.queryOptions(SUMMARY_INPUT),
    trpc.queues.summary.queryOptions({ range: queueRange(key) }),
  );
  return (
    <HydrateClient>
      <Overview />
    </HydrateClient>
  );
}
