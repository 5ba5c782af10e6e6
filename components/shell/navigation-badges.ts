"use client";
/** Counts beside the places: trouble in its state's tint, and nothing when there is none. */
import { useQuery } from "@tanstack/react-query";
import { plural } from "../data/format.ts";
import { useTRPC } from "../trpc/client.tsx";
import { BADGE_QUEUES, BADGE_SERVICES } from "./badge-inputs.ts";

export type NavigationBadge = { count: number; state: "fail" | "warn"; title: string };

/** Badges that cannot be read are not there; the pages say why. */
const QUIET = { meta: { quiet: true } };

export function useNavigationBadges(): { services?: NavigationBadge; queues?: NavigationBadge; backups?: NavigationBadge } {
  const trpc = useTRPC();
  const services = useQuery(trpc.services.summary.queryOptions(BADGE_SERVICES, QUIET)).data?.counts;
  const queues = useQuery(trpc.queues.summary.queryOptions(BADGE_QUEUES, QUIET)).data;
  const backups = useQuery(trpc.backups.summary.queryOptions({}, QUIET)).data;
  return { services: services && serviceBadge(services), queues: queues && queueBadge(queues), backups: backups && backupBadge(backups) };
}

function backupBadge({ troubled, level }: { troubled: number; level: string }): NavigationBadge | undefined {
  return troubled > 0 ? { count: troubled, state: level === "fail" ? "fail" : "warn", title: `${plural(troubled, "backup plan")} in trouble` } : undefined;
}

function serviceBadge({ down, degraded }: { down: number; degraded: number }): NavigationBadge | undefined {
  if (down > 0) return { count: down, state: "fail", title: `${plural(down, "service")} down` };
  return degraded > 0 ? { count: degraded, state: "warn", title: `${plural(degraded, "service")} degraded` } : undefined;
}

function queueBadge({ totals, failedLastHour }: { totals: { dead: number }; failedLastHour: number }): NavigationBadge | undefined {
  if (totals.dead > 0) return { count: totals.dead, state: "fail", title: plural(totals.dead, "dead letter") };
  return failedLastHour > 0 ? { count: failedLastHour, state: "warn", title: `${plural(failedLastHour, "job")} failed in the last hour` } : undefined;
}
