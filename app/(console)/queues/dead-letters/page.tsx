import type { Metadata } from "next";
import { LettersView } from "@/components/queues/letters-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Dead letters" };

export default async function DeadLettersPage() {
  await prefetch(trpc.queues.deadLetters.queryOptions({}), trpc.queues.quarantine.queryOptions({}), trpc.queues.operations.queryOptions({ isOpen: true }));
  return (
    <HydrateClient>
      <LettersView />
    </HydrateClient>
  );
}
