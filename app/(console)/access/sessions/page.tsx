import type { Metadata } from "next";
import { sessionsInput } from "@/components/access/list-inputs";
import { SessionsView } from "@/components/access/sessions-view";
import { nextCursor } from "@/components/shell/paged";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Sessions" };

export default async function Page({ searchParams }: SearchProps) {
  await prefetch(trpc.access.sessions.infiniteQueryOptions(sessionsInput(await readSearch(searchParams)), { getNextPageParam: nextCursor }));
  return (
    <HydrateClient>
      <SessionsView />
    </HydrateClient>
  );
}
