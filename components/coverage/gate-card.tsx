import type { CoverageDetail, Finding } from "../../server/coverage/schema/index.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusBadge, StatusIcon } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { formatCovered, formatPoints, MEASURE_WORDS, OUTCOME_STATES, OUTCOME_WORDS } from "./words.ts";
import styles from "./coverage.module.css";

type Latest = NonNullable<CoverageDetail["latest"]>;

/** What the gate looked at, with the value of each, and the flags that are not of this commit. */
export function GateCard({ latest, revision }: { latest: Latest; revision: number }) {
  const { verdict } = latest;
  return (
    <Card
      title="Gate"
      aside={<StatusBadge state={OUTCOME_STATES[verdict.outcome]}>{OUTCOME_WORDS[verdict.outcome]}</StatusBadge>}
      footer={{ source: revision > 0 ? `Gate, version ${revision}` : "Gate, as it comes", at: <RelativeTime at={latest.pushedAt} /> }}
    >
      <ul className={styles.list}>
        {verdict.findings.filter(isShown).map((finding) => (
          <li key={`${finding.kind} ${finding.text}`} className={styles.item}>
            <span className={styles.label} title={finding.text}>
              <StatusIcon state={OUTCOME_STATES[finding.outcome]} />
              <span>{labelOf(finding)}</span>
            </span>
            <b>{valueOf(finding)}</b>
          </li>
        ))}
        {latest.flagRows.map((row) => (
          <li key={row.flag} className={styles.item}>
            <span className={styles.label}>
              {row.carriedFrom ? <StatusBadge state="stale" /> : null}
              <span>
                Flag {row.flag}
                {row.carriedFrom ? (
                  <>
                    , <RelativeTime at={row.pushedAt} suffix="" /> carried
                  </>
                ) : null}
              </span>
            </span>
            <b>{formatCovered(row.percent.lines)}</b>
          </li>
        ))}
      </ul>
      {verdict.noise > 0 ? <p className={styles.quiet}>It moves by {formatPoints(verdict.noise)} by itself; smaller falls are not counted.</p> : null}
    </Card>
  );
}

/** Flags have rows of their own; their levels are named when they are missed. */
const isShown = ({ kind, outcome }: Finding): boolean => kind !== "carried" && (kind !== "flag" || outcome !== "pass");

function labelOf({ kind, measure, flag, limit, path, text, outcome }: Finding): string {
  const name = measure ? MEASURE_WORDS[measure] : "";
  if (kind === "level") return outcome === "fail" ? `${name}, block under ${limit}` : `${name}, target ${limit}`;
  if (kind === "flag") return `${name} of ${flag}, target ${limit}`;
  if (kind === "patch") return limit === null ? "Change" : `Change, block under ${limit}`;
  if (kind === "drop") return `Largest fall, block over ${limit}`;
  if (kind === "floor" && path) return `${path}, floor ${limit}`;
  return text;
}

function valueOf({ kind, value }: Finding): string {
  if (value === null) return "";
  return kind === "drop" ? formatPoints(value) : formatCovered(value);
}
