"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { WATCH_MS } from "./inputs.ts";
import { Progress } from "./progress.tsx";

/** What runs for the plan right now, with its progress and a way to watch it. */
export function ActiveWork({ plan }: { plan: PlanDetail }) {
  return (
    <>
      {plan.activeRunId ? <ActiveRun id={plan.activeRunId} /> : null}
      {plan.activeDrillId ? <ActiveDrill id={plan.activeDrillId} /> : null}
    </>
  );
}

function ActiveRun({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.backups.run.queryOptions({ id }, { refetchInterval: WATCH_MS }));
  return (
    <Card title="Backup under way" aside={<Link href={`/backups/runs/${id}`} className="sw-link">Watch ›</Link>}>
      <Progress progress={data?.progress ?? null} />
    </Card>
  );
}

function ActiveDrill({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.backups.drill.queryOptions({ id }, { refetchInterval: WATCH_MS }));
  return (
    <Card title="Drill under way" aside={<Link href={`/backups/drills/${id}`} className="sw-link">Watch ›</Link>}>
      <Progress progress={data?.progress ?? null} />
    </Card>
  );
}
