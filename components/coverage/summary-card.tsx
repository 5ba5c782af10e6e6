"use client";
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { CoverageSummary } from "../../server/coverage/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { TimeSeries } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { thresholdsOf, toSeries, TREND_SERIES } from "./trend-card.tsx";
import { formatCovered, formatPoints, OUTCOME_STATES, OUTCOME_WORDS } from "./words.ts";
import styles from "./coverage.module.css";

const CARD_HEIGHT = 200;
const CHART_HEIGHT = 150;

/** Coverage of the service that matters most, against its three lines, with the gap in points. */
export function CoverageSummaryCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.coverage.summary.queryOptions({}));
  const { data, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  return (
    <Card
      title={data?.own ? `Coverage, ${data.own.name}` : "Coverage"}
      aside={
        <Link href="/coverage" className="sw-link">
          Coverage <IconChevronRight size={12} aria-hidden />
        </Link>
      }
      footer={{ source: data ? `${plural(data.services, "service")} with a report` : "Coverage", at: data?.lastAt && !isStale ? <RelativeTime at={data.lastAt} /> : at }}
      isStale={isStale}
    >
      {data ? <Body summary={data} /> : null}
      {!data && error ? <ErrorState title="Coverage could not be read" what={describeError(error).message} kept="All reports are kept." onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonBlock height={CARD_HEIGHT} /> : null}
    </Card>
  );
}

function Body({ summary: { own, policy, points } }: { summary: CoverageSummary }) {
  if (!own) return <p className={styles.quiet}>No report has arrived, so coverage is unknown and earns no points. The page says how to send one.</p>;
  const { target } = policy.levels.lines;
  const value = own.percent.lines;
  const chart = toSeries(points, policy);
  const [first, last] = [chart.points[0], chart.points.at(-1)];
  return (
    <>
      <div className={styles.cardFigures}>
        <span className={styles.figure}>{formatCovered(value)}</span>
        <StatusText state={OUTCOME_STATES[own.outcome]} detail={value !== null && value < target ? `${formatPoints(target - value)} to target ${target}` : undefined}>
          {OUTCOME_WORDS[own.outcome]}
        </StatusText>
      </div>
      {first && last && first !== last ? (
        <TimeSeries label={`Covered lines and branches of ${own.name}`} points={chart.points} series={TREND_SERIES} range={{ from: first.at, to: last.at }} format={formatCovered} thresholds={thresholdsOf(policy)} axisFrom={chart.axisFrom} height={CHART_HEIGHT} />
      ) : (
        <p className={styles.quiet}>One commit so far; the next one begins the trend.</p>
      )}
    </>
  );
}
