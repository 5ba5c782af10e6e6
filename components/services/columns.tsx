"use client";
import { Link } from "../data/link.tsx";
import type { ServiceRow } from "../../server/services/schema.ts";
import type { Column } from "../data/columns.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { formatPercent } from "../data/format.ts";
import { useNow } from "../data/relative-time.tsx";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusText } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { UptimeBars } from "../data/uptime-bars.tsx";
import { barsLabel, stateWords, TONES, uptimeBars, WORDS } from "./states.ts";
import styles from "./services.module.css";

/** The columns of the service list; ids of sortable ones are the server's sort names. */
export const SERVICE_COLUMNS: readonly Column<ServiceRow>[] = [
  { id: "name", header: "Service", cell: (row) => <NameCell row={row} />, sortable: true, phone: true, hideable: false },
  { id: "worst", header: "Status", cell: (row) => <StatusCell row={row} />, width: 162, sortable: true, phone: true, hideable: false },
  { id: "uptime", header: "Last 24 h, uptime", cell: (row) => <UptimeCell row={row} />, width: 184, sortable: true },
  { id: "p95", header: "p95", cell: (row) => <LatencyCell row={row} />, width: 120, sortable: true },
  { id: "tier", header: "Tier", cell: (row) => <Tag strong={row.tier === 1}>{row.tier}</Tag>, width: 54, sortable: true },
  { id: "owner", header: "Owner", cell: (row) => <OwnerCell row={row} />, width: 112, wide: true },
];

function NameCell({ row }: { row: ServiceRow }) {
  return (
    <span className={styles.name}>
      <Link href={`/services/${row.slug}`} className={styles.nameLink} prefetch={false}>
        {row.name}
      </Link>
      <span className={styles.slug}>{row.slug}</span>
    </span>
  );
}

interface ServiceStatusProps {
  state: ServiceRow["state"];
  stateSince: Date;
  detail?: string;
}

/** State and age of one service. Only trouble has an age that ticks. */
export function ServiceStatus(props: ServiceStatusProps) {
  return props.state === "up" ? <StatusText state="ok">{WORDS.up}</StatusText> : <TickingStatus {...props} />;
}

function TickingStatus({ state, stateSince, detail }: ServiceStatusProps) {
  const now = useNow();
  return (
    <StatusText state={TONES[state]} detail={detail}>
      {stateWords(state, stateSince, now)}
    </StatusText>
  );
}

function StatusCell({ row }: { row: ServiceRow }) {
  const isPaused = row.checks > 0 && row.pausedChecks === row.checks;
  const detail = row.checks === 0 ? "no checks yet" : isPaused ? "checks paused" : undefined;
  return <ServiceStatus state={row.state} stateSince={row.stateSince} detail={row.state === "unknown" ? detail : undefined} />;
}

function UptimeCell({ row }: { row: ServiceRow }) {
  return (
    <span className={styles.uptime}>
      <UptimeBars bars={uptimeBars(row.bars)} label={barsLabel(row.name, row.bars, row.uptime24h)} />
      <span className={styles.figure}>{formatPercent(row.uptime24h)}</span>
    </span>
  );
}

function LatencyCell({ row }: { row: ServiceRow }) {
  const isSlow = row.state === "degraded";
  if (row.p95Ms24h === null) return <span className={styles.quiet}>{row.state === "down" ? "No reply" : "–"}</span>;
  return (
    <span className={styles.latency}>
      <Sparkline values={row.sparkline} label={`p95 of ${row.name}, last 24 h`} state={isSlow ? "warn" : "ok"} />
      <span data-state={isSlow ? "warn" : undefined}>{formatMilliseconds(row.p95Ms24h)}</span>
    </span>
  );
}

function OwnerCell({ row }: { row: ServiceRow }) {
  return (
    <span className={styles.owner}>
      <span>{row.owner || <span className={styles.quiet}>Nobody</span>}</span>
      <span className={styles.second}>{row.environment}</span>
    </span>
  );
}
