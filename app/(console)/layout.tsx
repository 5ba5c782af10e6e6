import type { ReactNode } from "react";
import { gate } from "@/components/shell/gate";
import { BADGE_QUEUES, BADGE_SERVICES } from "@/components/shell/badge-inputs";
import { Shell } from "@/components/shell/shell";
import { HydrateClient, liveNow, prefetch, trpc } from "@/components/trpc/server";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const readFrom = liveNow();
  const { viewer, instance } = await gate();
  const own = await prefetch(trpc.services.summary.queryOptions(BADGE_SERVICES), trpc.queues.summary.queryOptions(BADGE_QUEUES), trpc.backups.summary.queryOptions({}));
  return (
    <HydrateClient only={own}>
      <Shell viewer={viewer} instance={instance} readFrom={readFrom}>
        {children}
      </Shell>
    </HydrateClient>
  );
}
