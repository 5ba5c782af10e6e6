"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { useDetailView } from "./detail-url.ts";
import { Transitions } from "./transitions.tsx";

/** Enough to see a pattern; the rest is on the timeline. */
const SHOWN = 6;

/** The latest changes of state of the service and its checks. */
export function ChangesCard({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const { hrefOf } = useDetailView();
  const { data, dataUpdatedAt } = useQuery(trpc.services.transitions.queryOptions({ id: service.id, limit: SHOWN }));
  return (
    <Card
      title="Recent changes"
      aside={
        <Link href={hrefOf({ tab: "timeline" })} className="sw-link">
          Timeline ›
        </Link>
      }
      footer={{ source: "Changes of state", at: <RelativeTime at={dataUpdatedAt || null} never="" /> }}
    >
      {data ? <Transitions rows={data.items} /> : <SkeletonRows count={4} height={36} />}
    </Card>
  );
}
