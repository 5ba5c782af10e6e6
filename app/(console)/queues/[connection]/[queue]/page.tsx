import type { Metadata } from "next";
import { queueRange } from "@/components/queues/depth-series";
import { QueueView } from "@/components/queues/queue-view";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { rangeKeyOf } from "@/components/shell/time-range-value";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

type Props = SearchProps & { params: Promise<{ connection: string; queue: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).queue) };
}

export default async function QueuePage({ params, searchParams }: Props) {
  const { connection, queue: segment } = await params;
  const ref = { connection, queue: decodeURIComponent(segment) };
  const key = rangeKeyOf(await readSearch(searchParams));
  await prefetch(trpc.queues.get.queryOptions({ ...ref, range: queueRange(key) }));
  return (
    <HydrateClient>
      <QueueView of={ref} />
    </HydrateClient>
  );
}
