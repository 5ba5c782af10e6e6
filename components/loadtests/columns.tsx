import { Link } from "../data/link.tsx";
import type { RunRow, ScenarioRow } from "../../server/loadtests/schema.ts";
import type { Column } from "../data/columns.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { formatPercent } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusText } from "../data/status.tsx";
import { PROFILE_WORDS, rateWords, VERDICT_TONES, VERDICT_WORDS } from "./words.ts";
import styles from "./loadtests.module.css";

function Answer({ row }: { row: ScenarioRow }) {
  if (row.latest.verdict === "passed" && row.isRegression) return <StatusText state="warn">Worse</StatusText>;
  return <StatusText state={VERDICT_TONES[row.latest.verdict]}>{VERDICT_WORDS[row.latest.verdict]}</StatusText>;
}

/** Scenarios with their newest run. */
export const SCENARIO_COLUMNS: readonly Column<ScenarioRow>[] = [
  {
    id: "scenario", header: "Scenario", phone: true,
    cell: (row) => (
      <span className={styles.name}>
        <Link href={`/loadtests/${row.latest.id}`} className={styles.nameLink} prefetch={false}>{row.scenario}</Link>
        <span className={styles.second}>{row.serviceName}</span>
      </span>
    ),
  },
  { id: "answer", header: "Newest run", width: 110, phone: true, cell: (row) => <Answer row={row} /> },
  { id: "profile", header: "Profile", width: 150, cell: (row) => <span className={styles.name}><span>{row.profile}</span><span className={styles.second}>{PROFILE_WORDS[row.profile]}</span></span> },
  { id: "p95", header: "p95", align: "right", width: 80, phone: true, cell: (row) => formatMilliseconds(row.latest.figures.p95) },
  { id: "trend", header: "p95 of runs", width: 96, wide: true, cell: (row) => <Sparkline values={row.p95s} label={`p95 of ${row.scenario} over its runs`} width={72} height={20} state={row.isRegression ? "warn" : "ok"} /> },
  { id: "errors", header: "Failed", align: "right", width: 80, wide: true, cell: (row) => formatPercent(row.latest.figures.errorRate) },
  { id: "rate", header: "Rate", align: "right", width: 90, wide: true, cell: (row) => rateWords(row.latest.figures.rate) },
  { id: "baseline", header: "Baseline", width: 100, wide: true, cell: (row) => (row.latest.isBaseline ? "this run" : row.hasBaseline ? "promoted" : <span className={styles.second}>none</span>) },
  { id: "at", header: "Received", width: 128, cell: (row) => <RelativeTime at={row.latest.receivedAt} /> },
];

/** Runs of one scenario. */
export const RUN_COLUMNS: readonly Column<RunRow>[] = [
  { id: "at", header: "Received", phone: true, cell: (run) => <Link href={`/loadtests/${run.id}`} className={styles.nameLink} prefetch={false}><RelativeTime at={run.receivedAt} />{run.isBaseline ? ", baseline" : ""}</Link> },
  { id: "verdict", header: "Verdict", width: 100, phone: true, cell: (run) => <StatusText state={VERDICT_TONES[run.verdict]}>{VERDICT_WORDS[run.verdict]}</StatusText> },
  { id: "commit", header: "Commit", width: 96, wide: true, cell: (run) => <code>{run.commit?.slice(0, 8) ?? "–"}</code> },
  { id: "p50", header: "p50", align: "right", width: 80, wide: true, cell: (run) => formatMilliseconds(run.figures.p50) },
  { id: "p95", header: "p95", align: "right", width: 80, phone: true, cell: (run) => formatMilliseconds(run.figures.p95) },
  { id: "errors", header: "Failed", align: "right", width: 80, cell: (run) => formatPercent(run.figures.errorRate) },
  { id: "rate", header: "Rate", align: "right", width: 90, wide: true, cell: (run) => rateWords(run.figures.rate) },
];
