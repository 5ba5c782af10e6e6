import type { Metadata } from "next";
import { keysInput } from "@/components/access/list-inputs";
import { KeysView } from "@/components/access/keys-view";
import { nextCursor } from "@/components/shell/paged";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";
import { publicUrl } from "@/server/platform/config";

export const metadata: Metadata = { title: "API keys" };

export default async function Page({ searchParams }: SearchProps) {
  await prefetch(trpc.access.keys.infiniteQueryOptions(keysInput(await readSearch(searchParams)), { getNextPageParam: nextCursor }));
  return (
    <HydrateClient>
      <KeysView address={publicUrl()} />
    </HydrateClient>
  );
}
