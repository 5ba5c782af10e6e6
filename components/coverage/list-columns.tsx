import { Link } from "../data/link.tsx";
import type { CoverageRow } from "../../server/coverage/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { formatCount } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusBadge, StatusText } from "../data/status.tsx";
import { formatCovered, formatPoints, OUTCOME_STATES, OUTCOME_WORDS, shortCommit } from "./words.ts";
import styles from "./coverage.module.css";

/** Columns of services with their coverage. */
export const COVERAGE_COLUMNS: Column<CoverageRow>[] = [
  {
    id: "name",
    header: "Service",
    phone: true,
    hideable: false,
    cell: ({ name, slug, commit, branch }) => (
      <span className={styles.name}>
        <Link href={`/coverage/${slug}`}>{name}</Link>
        <span className={styles.mono}>{commit ? `${branch}, ${shortCommit(commit)}` : slug}</span>
      </span>
    ),
  },
  { id: "outcome", header: "Gate", width: 264, phoneWidth: 136, phone: true, cell: (row) => <Gate row={row} /> },
  { id: "lines", header: "Lines", align: "right", width: 80, phoneWidth: 76, phone: true, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent.lines)}</span> },
  { id: "branches", header: "Branches", align: "right", width: 86, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent.branches)}</span> },
  { id: "functions", header: "Functions", align: "right", width: 90, wide: true, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent.functions)}</span> },
  { id: "trend", header: "Trend", width: 104, wide: true, cell: ({ sparkline, name, outcome }) => (sparkline.length > 1 ? <Sparkline values={sparkline} width={88} label={`Covered lines of ${name}, last ${sparkline.length} commits`} state={OUTCOME_STATES[outcome] === "fail" ? "fail" : "ok"} /> : null) },
  { id: "tests", header: "Tests", width: 120, cell: (row) => <Tests row={row} /> },
  { id: "at", header: "Report", align: "right", width: 128, cell: ({ at }) => (at ? <RelativeTime at={at} /> : "never") },
];

function Gate({ row }: { row: CoverageRow }) {
  const state = OUTCOME_STATES[row.outcome];
  if (state !== "stale") return <StatusText state={state} detail={detailOf(row)}>{OUTCOME_WORDS[row.outcome]}</StatusText>;
  return (
    <span className={styles.boxed}>
      <StatusBadge state={state}>{OUTCOME_WORDS[row.outcome]}</StatusBadge>
      <span className={styles.boxedDetail} title={detailOf(row)}>
        {detailOf(row)}
      </span>
    </span>
  );
}

function detailOf({ gap, worst, missing, carried }: CoverageRow): string | undefined {
  if (missing.length > 0) return `${missing.join(", ")} missing`;
  if (gap !== null && gap < 0) return `${worst} ${formatPoints(gap)} under`;
  return carried.length > 0 ? `${carried.join(", ")} carried` : undefined;
}

function Tests({ row: { tests } }: { row: CoverageRow }) {
  if (!tests) return <span className={styles.quiet}>none sent</span>;
  if (tests.failed > 0) return <StatusText state="fail">{`${formatCount(tests.failed)} failed`}</StatusText>;
  return <StatusText state={tests.flaky > 0 ? "warn" : "ok"}>{tests.flaky > 0 ? `${formatCount(tests.flaky)} flaky` : `${formatCount(tests.tests)} green`}</StatusText>;
}
