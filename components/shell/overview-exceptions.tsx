"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import type { Summary } from "../../server/queues/schema.ts";
import type { ServicesSummary } from "../../server/services/schema.ts";
import { formatAge } from "../data/duration.ts";
import { plural } from "../data/format.ts";
import { useNow } from "../data/relative-time.tsx";
import { StatusBadge, StatusIcon, type State } from "../data/status.tsx";
import { TONES, WORDS } from "../services/states.ts";
import { queueTrouble } from "./overview-standing.ts";
import { Panel } from "./page.tsx";
import styles from "./overview.module.css";

const ORDER = ["down", "degraded", "unknown", "up"] as const;
const COUNT_WORDS = { down: "down", degraded: "degraded", unknown: "unknown", up: "OK" } as const;

/** Most rows here; the services page has the rest. */
const SHOWN = 6;

/** How many are in which state, then each that is not well, worst first. */
export function OverviewExceptions({ services, queue }: { services: ServicesSummary | undefined; queue: Summary | undefined }) {
  if (!services || services.counts.all === 0) return null;
  const trouble = queueTrouble(queue);
  const bad = services.worst.filter((service) => service.state !== "up").slice(0, SHOWN);
  return (
    <Panel label="Exceptions">
      <div className={styles.counts}>
        {ORDER.filter((state) => services.counts[state] > 0).map((state) => (
          <span key={state} className={styles.count}>
            <StatusIcon state={TONES[state]} />
            <span>
              <b>{services.counts[state]}</b> {COUNT_WORDS[state]}
            </span>
          </span>
        ))}
        <span className={styles.total}>
          {plural(services.counts.all, "service")}, {plural(services.checks, "check")}
          {services.pausedChecks > 0 ? ` (${services.pausedChecks} paused)` : ""}
        </span>
      </div>
      {bad.length > 0 || trouble ? (
        <ul className={styles.exceptions}>
          {bad.map((service) => (
            <ServiceException key={service.id} service={service} />
          ))}
          {trouble ? <Exception state="warn" word="Queue" id={queue?.oldestQueue ?? queue?.worstQueue ?? "queues"} name={trouble} href="/queues" /> : null}
        </ul>
      ) : null}
    </Panel>
  );
}

function ServiceException({ service }: { service: ServicesSummary["worst"][number] }) {
  const now = useNow();
  const age = now === 0 ? "" : formatAge(now - service.stateSince.getTime());
  return <Exception state={TONES[service.state]} word={WORDS[service.state]} id={service.slug} name={service.name} why={service.stateReason} age={age} href={`/services/${service.slug}`} />;
}

type ExceptionProps = { state: State; word: string; id: string; name: string; why?: string; age?: string; href: string };

function Exception({ state, word, id, name, why, age, href }: ExceptionProps) {
  return (
    <li className={styles.exception}>
      <span>
        <StatusBadge state={state}>{word}</StatusBadge>
      </span>
      <code>{id}</code>
      <span className={styles.what}>
        <b>{name}</b> {why}
      </span>
      <span className={styles.age}>{age}</span>
      <Button component={Link} href={href} size="xs" variant="default" aria-label={`Open ${name}`}>
        Open
      </Button>
    </li>
  );
}
