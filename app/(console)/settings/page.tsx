import type { Metadata } from "next";
import { SettingsView } from "@/components/settings/settings-view";
import { HydrateClient, prefetch, requestContext, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const { actor } = await requestContext();
  const isAdmin = actor.kind === "user" && actor.role === "admin";
  const forAdmins = isAdmin ? [trpc.settings.effectiveConfig.queryOptions({}), trpc.settings.egress.queryOptions({})] : [];
  await prefetch(trpc.settings.get.queryOptions({}), trpc.settings.cache.queryOptions({}), ...forAdmins);
  return (
    <HydrateClient>
      <SettingsView />
    </HydrateClient>
  );
}
