"use client";
import type { ServiceDetail, UptimeWindow, Window } from "../../server/services/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusIcon } from "../data/status.tsx";
import { UptimeBars } from "../data/uptime-bars.tsx";
import { Card } from "../shell/page.tsx";
import { barsLabel, ratioTone, uptimeBars } from "./states.ts";
import styles from "./detail.module.css";

const NAMES: Record<Window, string> = { "24h": "24 hours", "7d": "7 days", "30d": "30 days", "90d": "90 days" };

/** Uptime over four windows, each with its bars and what was lost. */
export function UptimeCard({ service }: { service: ServiceDetail }) {
  return (
    <Card title="Uptime" footer={{ source: `${plural(service.checks.length, "check")}, unknown time excluded`, at: <RelativeTime at={service.lastResultAt} never="no result yet" /> }}>
      <div className={styles.windows}>
        {service.uptime.map((each) => (
          <UptimeRow key={each.window} name={service.name} uptime={each} />
        ))}
      </div>
    </Card>
  );
}

function UptimeRow({ name, uptime }: { name: string; uptime: UptimeWindow }) {
  const { window, ratio, downSeconds, bars } = uptime;
  return (
    <div className={styles.window}>
      <span className={styles.windowName}>{NAMES[window]}</span>
      <span className={styles.ratio}>
        <StatusIcon state={ratioTone(ratio)} />
        {formatPercent(ratio)}
      </span>
      <UptimeBars bars={uptimeBars(bars)} label={barsLabel(`${name}, ${NAMES[window]}`, bars, ratio)} wide />
      <span className={styles.down}>{ratio === null ? "no data" : downSeconds >= 1 ? `${formatDuration(Math.round(downSeconds) * 1000)} down` : "no outage"}</span>
    </div>
  );
}
