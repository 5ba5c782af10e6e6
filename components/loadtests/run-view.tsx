"use client";
import { useQuery } from "@tanstack/react-query";
import type { RunDetail } from "../../server/loadtests/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { Fold } from "../data/fold.tsx";
import { formatCount, formatNumber, plural } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusBadge } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { Card, CardGrid, GridCell, Page, Panel } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AboutCard } from "./about-card.tsx";
import { CompareCard } from "./compare-card.tsx";
import { PointsCard } from "./points-card.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunFigures } from "./run-figures.tsx";
import { ScenarioCard } from "./scenario-card.tsx";
import { ThresholdsCard } from "./thresholds-card.tsx";
import { runHead, VERDICT_TONES, VERDICT_WORDS } from "./words.ts";
import styles from "./loadtests.module.css";

/** One run: its figures, its thresholds, its course, beside its baseline and its scenario's other runs. */
export function RunView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data: run, error, refetch } = useQuery(trpc.loadtests.get.queryOptions({ id }));
  if (run) return <Loaded run={run} />;
  return (
    <Page title="Load test">
      {error ? <Panel label="Run not read"><ErrorState title="This run could not be read" what={describeError(error).message} kept="Nothing was changed." requestId={describeError(error).requestId} onRetry={() => void refetch()} /></Panel> : <SkeletonBlock height={480} />}
    </Page>
  );
}

function Loaded({ run }: { run: RunDetail }) {
  const mayEdit = useMay("editor");
  return (
    <Page
      {...runHead(run)}
      badge={<StatusBadge state={VERDICT_TONES[run.verdict]}>{VERDICT_WORDS[run.verdict]}</StatusBadge>}
      tags={<><Tag strong>{run.profile}</Tag>{run.isBaseline ? <Tag>baseline</Tag> : null}</>}
      actions={mayEdit ? <RunActions run={run} /> : null}
    >
      <RunFigures run={run} />
      <CardGrid>
        <GridCell span={8}>
          <ScenarioCard run={run} />
        </GridCell>
        <GridCell span={4}>
          <AboutCard run={run} />
        </GridCell>
        {run.points.length > 1 ? (
          <GridCell span={12}>
            <PointsCard run={run} />
          </GridCell>
        ) : null}
        <GridCell span={7}>
          <CompareCard run={run} />
        </GridCell>
        <GridCell span={5}>
          <ThresholdsCard run={run} />
        </GridCell>
        <GridCell span={12}>
          <MetricsCard run={run} />
        </GridCell>
      </CardGrid>
    </Page>
  );
}

function MetricsCard({ run }: { run: RunDetail }) {
  return (
    <Card title="Everything the tool told" aside={<span>{plural(run.metrics.length, "metric")}{run.omittedMetrics > 0 ? `, ${formatCount(run.omittedMetrics)} more not kept` : ""}</span>}>
      <Fold label="Show metrics">
        <ul className={styles.rows} style={{ margin: 0 }}>
          {run.metrics.map((metric) => (
            <li key={metric.name} className={styles.row}>
              <code className={styles.mono}>{metric.name}</code>
              <span className={styles.values}>{metric.kind}</span>
              <small>{Object.entries(metric.values).map(([name, value]) => `${name} ${formatNumber(value, 3)}`).join(", ") || "no value"}</small>
            </li>
          ))}
        </ul>
      </Fold>
    </Card>
  );
}
