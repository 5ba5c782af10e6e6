import type { Metadata } from "next";
import { queueRange } from "@/components/queues/depth-series";
import { SUMMARY_INPUT } from "@/components/services/summary-input";
import { Overview } from "@/components/shell/overview";
import { FIRST_KEY, FIRST_USERS } from "@/components/shell/first-run-inputs";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { parseTimeRange } from "@/components/shell/time-range-value";
import { HydrateClient, prefetch, requestContext, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage({ searchParams }: SearchProps) {
  // The clock is not asked: only a custom range, which brings its own ends, is read by them.
  const range = parseTimeRange(await readSearch(searchParams), 0);
  const { actor } = await requestContext();
  const isAdmin = actor.kind === "user" && actor.role === "admin";
  const firstSteps = isAdmin ? [trpc.access.users.queryOptions(FIRST_USERS), trpc.access.keys.queryOptions(FIRST_KEY)] : [];
  await prefetch(
    ...firstSteps,
    trpc.services.summary.queryOptions({ filter: "" }),
    trpc.services.list.queryOptions(SUMMARY_INPUT),
    trpc.limits.summary.queryOptions({}),
    trpc.backups.summary.queryOptions({}),
    trpc.loadtests.summary.queryOptions({}),
    trpc.readiness.summary.queryOptions({}),
    trpc.queues.summary.queryOptions(queueRange(range)),
  );
  return (
    <HydrateClient>
      <Overview />
    </HydrateClient>
  );
}
