"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { ServicesSummary, State } from "../../server/services/schema.ts";
import { formatAge } from "../data/duration.ts";
import { formatCount, plural } from "../data/format.ts";
import { useNow } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusBadge, StatusIcon } from "../data/status.tsx";
import { Panel } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { endSentence } from "./sentence.ts";
import { TONES } from "./states.ts";
import styles from "./summary.module.css";

const COUNTED: readonly { state: State; word: string }[] = [
  { state: "down", word: "down" },
  { state: "degraded", word: "degraded" },
  { state: "unknown", word: "unknown" },
  { state: "up", word: "OK" },
];

/** Loss at a service of this tier wakes somebody; below it waits for the morning. */
const CRITICAL_TIER = 1;

/** Counts by state, then one row for each service in trouble: how bad, what, since when, and the way to it. */
export function ServiceExceptions() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.services.summary.queryOptions({ filter: "" }));
  const worst = data?.worst.filter(({ state }) => state === "down" || state === "degraded") ?? [];
  return (
    <Panel label="Exceptions">
      <div className={styles.counts}>
        {data ? COUNTED.map(({ state, word }) => (data.counts[state] > 0 ? <Count key={state} state={state} word={word} count={data.counts[state]} /> : null)) : <SkeletonBlock height={12} width={220} />}
        <span className={styles.total}>{data ? `${plural(data.counts.all, "service")}, ${plural(data.checks, "check")}` : null}</span>
      </div>
      {worst.length > 0 ? (
        <ul className={styles.exceptions}>
          {worst.map((service) => (
            <Exception key={service.id} service={service} />
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

function Count({ state, word, count }: { state: State; word: string; count: number }) {
  return (
    <span className={styles.count}>
      <StatusIcon state={TONES[state]} />
      <span>
        <b>{formatCount(count)}</b> {word}
      </span>
    </span>
  );
}

function Exception({ service }: { service: ServicesSummary["worst"][number] }) {
  const now = useNow();
  const isCritical = service.state === "down" && service.tier === CRITICAL_TIER;
  return (
    <li className={styles.exception}>
      <span>
        <StatusBadge state={service.state === "down" ? "fail" : "warn"}>{isCritical ? "Critical" : service.state === "down" ? "Down" : "Warning"}</StatusBadge>
      </span>
      <span className={styles.what}>
        <b>{service.name} is {service.state}.</b> {service.stateReason ? endSentence(service.stateReason) : null}
      </span>
      <span className={styles.age}>{now === 0 ? "" : formatAge(now - service.stateSince.getTime())}</span>
      <Button component={Link} href={`/services/${service.slug}`} variant="default" size="xs" aria-label={`Open ${service.name}`}>
        Open
      </Button>
    </li>
  );
}
