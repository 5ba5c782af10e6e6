import type { Metadata } from "next";
import { usersInput } from "@/components/access/list-inputs";
import { UsersView } from "@/components/access/users-view";
import { nextCursor } from "@/components/shell/paged";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Users" };

export default async function Page({ searchParams }: SearchProps) {
  await prefetch(trpc.access.users.infiniteQueryOptions(usersInput(await readSearch(searchParams)), { getNextPageParam: nextCursor }));
  return (
    <HydrateClient>
      <UsersView />
    </HydrateClient>
  );
}
