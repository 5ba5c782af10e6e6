"use client";
import { useQuery } from "@tanstack/react-query";
import type { PlanDetail, RunHistory } from "../../server/backups/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatSize, plural } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { TimeSeries, type SeriesPoint } from "../data/time-series.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./backups.module.css";

const HEIGHT = 240;
const SECOND_MS = 1_000;

type Kind = "bytes" | "seconds";

const pointsOf = (history: RunHistory, kind: Kind): SeriesPoint[] => history.runs.filter((run) => run[kind] !== null && run.state !== "failed" && run.state !== "cancelled").map((run) => ({ at: run.at.getTime(), [kind]: run[kind] }));

function HistoryChart({ plan, kind, title, aside }: { plan: PlanDetail; kind: Kind; title: string; aside: string }) {
  const trpc = useTRPC();
  const history = useQuery(trpc.backups.history.queryOptions({ id: plan.slug }));
  const { at, isStale } = useFreshness(history);
  const points = history.data ? pointsOf(history.data, kind) : undefined;
  const first = points?.[0]?.at ?? 0;
  return (
    <Card title={title} aside={<span>{aside}</span>} footer={{ source: points ? plural(points.length, "run") : "Runs", at }} isStale={isStale}>
      {points === undefined ? <SkeletonBlock height={HEIGHT} /> : null}
      {points && points.length < 2 ? <p className={styles.note}>Two runs make a line. It appears with the next one.</p> : null}
      {points && points.length >= 2 ? (
        <TimeSeries
          label={`${title} of the backups of ${plan.name}`}
          points={points}
          series={[{ key: kind, label: title, kind: kind === "bytes" ? "area" : "line", tone: kind === "bytes" ? 2 : 1 }]}
          range={{ from: first, to: points.at(-1)?.at ?? first }}
          isBytes={kind === "bytes"}
          format={kind === "bytes" ? formatSize : (value) => formatDuration(value * SECOND_MS)}
          height={HEIGHT}
        />
      ) : null}
    </Card>
  );
}

/** How large backups are, over three months. */
export function SizeCard({ plan }: { plan: PlanDetail }) {
  return <HistoryChart plan={plan} kind="bytes" title="Size" aside="compressed, 90 days" />;
}

/** How long backups take, over three months. */
export function DurationCard({ plan }: { plan: PlanDetail }) {
  return <HistoryChart plan={plan} kind="seconds" title="Duration" aside="of each run, 90 days" />;
}
