"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { BackupsSummary } from "../../server/backups/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { LEVEL_STATE, minutesInWords } from "./words.ts";
import styles from "./backups.module.css";

const SECOND_MS = 1_000;

/** Can we restore? Age of the proven data against its objective, the next run, the last drill, and how often it works. */
export function BackupsSummaryCard() {
  const trpc = useTRPC();
  const summary = useQuery(trpc.backups.summary.queryOptions({}));
  const { data, error, refetch } = summary;
  const { at, isStale } = useFreshness(summary);
  return (
    <Card
      title="Backups"
      aside={
        <Link href="/backups" className="sw-link">
          {data ? plural(data.plans, "plan") : "Plans"} ›
        </Link>
      }
      footer={{ source: data?.lastDrill ? `Last drill: ${data.lastDrill.planName}` : "Drills", at }}
      isStale={isStale}
    >
      {error && !data ? <ErrorState title="Backups could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonBlock height={150} /> : null}
      {data ? <Body data={data} /> : null}
    </Card>
  );
}

function Body({ data }: { data: BackupsSummary }) {
  const { worst, lastDrill } = data;
  return (
    <div className={styles.card}>
      <p className={styles.lead}>
        <StatusIcon state={LEVEL_STATE[data.level]} size={16} />
        <span>{data.sentence}</span>
      </p>
      <dl className={styles.cardFigures}>
        <div>
          <dt>Oldest verified{worst ? `, ${worst.name}` : ""}</dt>
          <dd>{worst === null || worst.verifiedAgeMs === null ? "none" : formatDuration(worst.verifiedAgeMs)} {worst ? <small>of {minutesInWords(worst.rpoMinutes)}</small> : null}</dd>
        </div>
        <div>
          <dt>Next run</dt>
          <dd>
            <RelativeTime at={data.nextRunAt} never="none" /> <small>{data.nextRunPlan}</small>
          </dd>
        </div>
        <div>
          <dt>Last drill</dt>
          <dd>
            <RelativeTime at={lastDrill?.at} never="never" />{" "}
            <small>{lastDrill ? (lastDrill.isPassed ? (lastDrill.restoreSeconds === null ? "proven" : `restored in ${formatDuration(lastDrill.restoreSeconds * SECOND_MS)}`) : "not proven") : null}</small>
          </dd>
        </div>
        <div>
          <dt>Success, 30 days</dt>
          <dd>
            {formatPercent(data.success30d.ratio, 1)} <small>{formatPercent(data.successAll.ratio, 1)} of all</small>
          </dd>
        </div>
      </dl>
    </div>
  );
}
