"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { VERDICT_TONES, VERDICT_WORDS } from "./words.ts";
import styles from "./loadtests.module.css";

/** The most that was proven, and the newest runs. */
export function LoadtestsSummaryCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.loadtests.summary.queryOptions({}));
  const { data: summary, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  return (
    <Card
      title="Load tests"
      aside={<Link href="/loadtests" className="sw-link">Scenarios ›</Link>}
      footer={{ source: summary ? plural(summary.runs, "run") : "Runs", at: isStale ? at : <RelativeTime at={summary?.lastAt} never="no run yet" /> }}
      isStale={isStale}
    >
      {error && !summary ? <ErrorState title="Load tests could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!summary && !error ? <SkeletonRows count={4} height={30} /> : null}
      {summary ? (
        <>
          <span className={styles.big}>{summary.highest ? `${formatCount(summary.highest.users)} users` : "Nothing proven"}</span>
          <p className={styles.sub}>{summary.highest ? `highest profile passed: ${summary.highest.profile} on ${summary.highest.serviceName}` : "No profile passed within half a year."}</p>
          <ul className={styles.rows}>
            {summary.newest.slice(0, 4).map((run) => (
              <li key={run.id} className={styles.row}>
                <Link href={`/loadtests/${run.id}`} prefetch={false}>
                  <b>{run.scenario}</b>
                </Link>
                <StatusText state={VERDICT_TONES[run.verdict]}>{VERDICT_WORDS[run.verdict]}</StatusText>
                <small>
                  {run.serviceName}, {run.profile}, p95 {formatMilliseconds(run.figures.p95)}
                </small>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Card>
  );
}
