import type { Metadata } from "next";
import { auditInput } from "@/components/access/list-inputs";
import { AuditView } from "@/components/access/audit-view";
import { nextCursor } from "@/components/shell/paged";
import { readSearch, type SearchProps } from "@/components/shell/search";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Audit" };

export default async function Page({ searchParams }: SearchProps) {
  await prefetch(trpc.access.verifications.queryOptions({}), trpc.access.audit.infiniteQueryOptions(auditInput(await readSearch(searchParams)), { getNextPageParam: nextCursor }));
  return (
    <HydrateClient>
      <AuditView />
    </HydrateClient>
  );
}
