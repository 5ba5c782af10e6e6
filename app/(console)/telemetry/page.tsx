import type { Metadata } from "next";
import { TelemetryView } from "@/components/telemetry/telemetry-view";
import { HydrateClient, prefetch, trpc } from "@/components/trpc/server";

export const metadata: Metadata = { title: "Telemetry" };

export default async function TelemetryPage() {
  await prefetch(trpc.telemetry.processes.queryOptions({}), trpc.telemetry.slowQueries.queryOptions({}));
  return (
    <HydrateClient>
      <TelemetryView />
    </HydrateClient>
  );
}
