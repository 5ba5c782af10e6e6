import { Link } from "../data/link.tsx";
import type { PlanRow } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { formatDuration } from "../data/duration.ts";
import { formatPercent, formatSize } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { LEVEL_STATE, LEVEL_WORD, minutesInWords } from "./words.ts";
import styles from "./backups.module.css";

/** What the list of plans shows. */
export const PLAN_COLUMNS: readonly Column<PlanRow>[] = [
  {
    id: "name",
    header: "Plan",
    phone: true,
    cell: (row) => (
      <span className={styles.name}>
        <Link href={`/backups/${row.slug}`} className={styles.nameLink} prefetch={false}>
          {row.name}
        </Link>
        <span className={styles.second}>{row.sourceLabel}</span>
      </span>
    ),
  },
  { id: "state", header: "State", phone: true, width: 130, cell: (row) => (row.activeRunId ? <StatusText state="maintenance">Running</StatusText> : <StatusText state={LEVEL_STATE[row.standing.level]}>{LEVEL_WORD[row.standing.level]}</StatusText>) },
  {
    id: "standing",
    header: "How it stands",
    wide: true,
    width: "28%",
    cell: (row) => (
      <span className={styles.standing}>
        <span>{row.standing.lead}</span>
        {row.standing.detail ? <small>{row.standing.detail}</small> : null}
      </span>
    ),
  },
  { id: "risk", header: "Data at risk", align: "right", width: 150, cell: (row) => (row.standing.dataAtRiskMs === null ? <span className={styles.quiet}>all</span> : <>{formatDuration(row.standing.dataAtRiskMs)}<span className={styles.second}> of {minutesInWords(row.rpoMinutes)}</span></>) },
  { id: "next", header: "Next run", align: "right", width: 120, cell: (row) => <RelativeTime at={row.nextRunAt} never={row.pausedAt ? "paused" : "none"} /> },
  { id: "size", header: "Size", align: "right", width: 90, wide: true, cell: (row) => (row.lastBytes === null ? "–" : formatSize(row.lastBytes)) },
  { id: "success", header: "30 days", align: "right", width: 80, wide: true, cell: (row) => formatPercent(row.success30d.ratio, 1) },
];
