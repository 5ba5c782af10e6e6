import type { Metadata } from "next";
import { queueRange } from "@/components/queues/depth-series";
import { JOBS_LIMIT } from "@/components/queues/list-limits";
import { QueueView } from "@/components/queues/queue-view";
import { jobStateOf } from "@/components/queues/state-words";
import { nextCursor } from "@/components/shell/paged";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { parseTimeRange } from "@/components/shell/time-range-value";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { OWN_CONNECTION } from "@/server/queues/schema/index";

type Props = SearchProps & { params: Promise<{ connection: string; queue: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).queue) };
}

export default async function QueuePage({ params, searchParams }: Props) {
  const { connection, queue: segment } = await params;
  const ref = { connection, queue: decodeURIComponent(segment) };
  const search = await readSearch(searchParams);
  // The clock is not asked: only a custom range, which brings its own ends, is read by them.
  const range = queueRange(parseTimeRange(search, 0));
  const state = jobStateOf(search.get("state"), connection === OWN_CONNECTION ? OWN_CONNECTION : undefined);
  const list = { ...ref, state, filter: search.get("q") ?? "", limit: JOBS_LIMIT };
  await prefetch(trpc.queues.get.queryOptions({ ...ref, ...range }), trpc.queues.jobs.infiniteQueryOptions(list, { getNextPageParam: nextCursor }));
  return (
    <HydrateClient>
      <QueueView of={ref} />
    </HydrateClient>
  );
}
