"use client";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { componentTone, componentWords } from "./check-words.ts";
import { WORDS } from "./states.ts";
import styles from "./detail.module.css";

/** The parts that the service's own health document names. */
export function ComponentsCard({ service }: { service: ServiceDetail }) {
  const newest = service.components.reduce((latest, part) => Math.max(latest, part.lastSeenAt.getTime()), 0);
  return (
    <Card title="Component health" footer={{ source: "Its own health document", at: <RelativeTime at={newest} /> }}>
      <ul className={styles.list}>
        {service.components.map((part) => (
          <li key={`${part.checkId}/${part.name}`} className={styles.component}>
            <StatusText state={componentTone(part)}>{part.isStale ? "Stale" : WORDS[part.verdict]}</StatusText>
            <span className={styles.componentName}>{part.name}</span>
            <span className={styles.componentValue}>{part.isStale ? <RelativeTime at={part.lastSeenAt} /> : componentWords(part)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
