"use client";
import { useQuery } from "@tanstack/react-query";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Changes } from "./changes.tsx";

const SHOWN = 8;

/** The newest changes of one service. */
export function RecentChanges({ serviceId }: { serviceId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.changes.queryOptions({ id: serviceId, limit: SHOWN }));
  return <Card title="What changed">{data ? <Changes changes={data.items} /> : <SkeletonRows count={4} height={18} />}</Card>;
}
