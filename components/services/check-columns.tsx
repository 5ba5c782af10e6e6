"use client";
import type { CheckDetail } from "../../server/services/schema.ts";
import type { Column } from "../data/columns.ts";
import { formatPercent } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { UptimeBars } from "../data/uptime-bars.tsx";
import { checkTone, intervalWords, kindWord, targetWords } from "./check-words.ts";
import { barsLabel, uptimeBars, WORDS } from "./states.ts";
import styles from "./detail.module.css";

/** The columns of a service's checks; those of fixed width are as wide as the longest that stands in them. */
export const CHECK_COLUMNS: readonly Column<CheckDetail>[] = [
  { id: "state", header: "Status", width: 112, phone: true, cell: (check) => <CheckStatus check={check} /> },
  { id: "check", header: "Check", phone: true, cell: (check) => <CheckName check={check} /> },
  { id: "result", header: "Result", width: "30%", cell: (check) => <span className={styles.result} title={check.lastMessage}>{check.lastMessage || "not run yet"}</span> },
  { id: "bars", header: "Last 24 h", width: 120, wide: true, cell: (check) => <UptimeBars bars={uptimeBars(check.bars)} label={barsLabel(check.name, check.bars, check.uptime24h)} /> },
  { id: "uptime", header: "Uptime", width: 84, align: "right", wide: true, cell: (check) => formatPercent(check.uptime24h) },
  { id: "every", header: "Every", width: 92, align: "right", wide: true, cell: (check) => intervalWords(check.intervalSeconds) },
  { id: "ago", header: "Ago", width: 116, align: "right", cell: (check) => <RelativeTime at={check.lastResultAt} suffix="" never="–" /> },
];

/** The state of a check; paused and stale ones are never shown in their last colour. */
export function CheckStatus({ check }: { check: CheckDetail }) {
  const tone = checkTone(check);
  return <StatusText state={tone}>{check.pausedAt ? "Paused" : tone === "stale" ? "Stale" : WORDS[check.state]}</StatusText>;
}

function CheckName({ check }: { check: CheckDetail }) {
  const target = targetWords(check);
  return (
    <span className={styles.check}>
      <span className={styles.kind}>{kindWord(check)}</span>
      <span className={styles.mono}>{check.name && check.name !== check.target ? check.name : target}</span>
    </span>
  );
}
