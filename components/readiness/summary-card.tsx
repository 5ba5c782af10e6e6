"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { CAP } from "../../server/readiness/schema/cap.ts";
import type { FleetSummary } from "../../server/readiness/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime, useNow } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Changes } from "./changes.tsx";
import { ScoreChart } from "./score-chart.tsx";
import { shiftOf } from "./words.ts";
import styles from "./readiness.module.css";

const CHART_HEIGHT = 120;
const TREND_MS = 90 * 86_400_000;

/** The score of all services with its trend, and what changed it in a week. */
export function ReadinessSummaryCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.readiness.summary.queryOptions({}));
  const { data: fleet, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  return (
    <Card
      title="Readiness"
      aside={<Link href="/readiness" className="sw-link">Scorecards ›</Link>}
      footer={{ source: fleet ? `${fleet.rules} rules, ${plural(fleet.services, "service")}` : "Rules", at: isStale ? at : <RelativeTime at={fleet?.evaluatedAt} never="not judged yet" /> }}
      isStale={isStale}
    >
      {error && !fleet ? <ErrorState title="The score could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!fleet && !error ? <SkeletonBlock height={220} /> : null}
      {fleet ? <Fleet fleet={fleet} /> : null}
    </Card>
  );
}

function Fleet({ fleet }: { fleet: FleetSummary }) {
  const now = useNow();
  if (fleet.score === null) return <p className={styles.sub}>Nothing is scored yet. The first score appears within minutes of the first service.</p>;
  const shift = fleet.weekAgo === null ? null : fleet.score - fleet.weekAgo;
  const to = now || fleet.evaluatedAt?.getTime() || 0;
  return (
    <>
      <div className={styles.cardScore}>
        <span>
          <b>{fleet.score}</b> <span className={styles.of}>of 100</span>
        </span>
        {shift === null || shift === 0 ? null : <span className={shift < 0 ? styles.down : styles.up}>{shiftOf(shift)} in 7 days</span>}
      </div>
      <p className={styles.sub}>{fleet.isCapped ? `${Math.floor(fleet.earned ?? 0)} points earned, capped at ${CAP} by ${plural(fleet.heldBack, "service")} of tier 1.` : `Goal ${fleet.goal}. ${fleet.levels.gold} gold, ${fleet.levels.silver} silver, ${fleet.levels.bronze} bronze, ${fleet.levels.none} without a level.`}</p>
      <ScoreChart label="Score of all services over 90 days" points={fleet.trend} goal={fleet.goal} range={{ from: to - TREND_MS, to }} height={CHART_HEIGHT} />
      <h3 className={styles.chartTitle}>What changed in 7 days</h3>
      <Changes changes={fleet.changes.slice(0, 5)} named />
    </>
  );
}
