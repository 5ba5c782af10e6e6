import { Link } from "../data/link.tsx";
import type { ScoreRow } from "../../server/readiness/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusText, type State } from "../data/status.tsx";
import { LEVEL_WORDS, shiftOf } from "./words.ts";
import styles from "./readiness.module.css";

/** Levels are told by words; the tone only says whether there is one. */
const levelTone = (row: ScoreRow): State => (row.blocking > 0 ? "fail" : row.level === "none" ? "warn" : "ok");

function openWords({ fail, unknown, stale }: ScoreRow): string {
  const parts = [fail > 0 ? `${fail} fail` : "", unknown > 0 ? `${unknown} unknown` : "", stale > 0 ? `${stale} stale` : ""].filter(Boolean);
  return parts.join(", ") || "all hold";
}

/** The list of scores. */
export const SCORE_COLUMNS: readonly Column<ScoreRow>[] = [
  {
    id: "name", header: "Service", sortable: true, phone: true,
    cell: (row) => (
      <span className={styles.name}>
        <Link href={`/readiness/${row.slug}`} className={styles.nameLink} prefetch={false}>{row.name}</Link>
        <span className={styles.second}>tier {row.tier}, {row.owner || "nobody owns it"}</span>
      </span>
    ),
  },
  { id: "score", header: "Score", align: "right", width: 72, sortable: true, phone: true, cell: (row) => <span className={styles.points}><b>{row.score}</b></span> },
  { id: "week", header: "7 days", align: "right", width: 72, cell: (row) => (row.weekAgo === null ? <span className={styles.second}>new</span> : <span className={row.score < row.weekAgo ? styles.down : row.score > row.weekAgo ? styles.up : undefined}>{shiftOf(row.score - row.weekAgo)}</span>) },
  { id: "trend", header: "30 days", width: 88, wide: true, cell: (row) => <Sparkline values={row.trend} label={`Score of ${row.name} over 30 days`} width={64} height={20} /> },
  { id: "level", header: "Level", width: 110, phone: true, cell: (row) => <StatusText state={levelTone(row)}>{row.blocking > 0 ? "Held back" : LEVEL_WORDS[row.level]}</StatusText> },
  { id: "open", header: "Not holding", width: 170, wide: true, cell: (row) => <span className={styles.second}>{openWords(row)}{row.waived > 0 ? `, ${row.waived} waived` : ""}</span> },
  { id: "worst", header: "The worst of it", cell: (row) => <span className={styles.worst}>{row.worst ?? "nothing"}</span> },
];

