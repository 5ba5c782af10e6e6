"use client";
import { useQuery } from "@tanstack/react-query";
import type { Scorecard } from "../../server/readiness/schema/index.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { WaiverEntry } from "./waiver-entry.tsx";
import styles from "./readiness.module.css";

const SHOWN = 20;

/** Waivers of one service that are asked for or in force. */
export function WaiversCard({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.waivers.queryOptions({ id: card.serviceId, state: "open", limit: SHOWN }));
  const active = data?.items.filter(({ state }) => state === "inForce").length ?? 0;
  return (
    <Card title="Waivers" aside={<span>{active} in force</span>}>
      {!data ? <SkeletonRows count={2} /> : null}
      {data?.items.length === 0 ? <p className={styles.hint}>None. Open a rule that does not hold to ask for one.</p> : null}
      {data && data.items.length > 0 ? (
        <ul className={styles.entries}>
          {data.items.map((waiver) => (
            <WaiverEntry key={waiver.id} waiver={waiver} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}
