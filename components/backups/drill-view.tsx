"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { formatDuration } from "../data/duration.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { StatusBadge, StatusIcon } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { Card, CardGrid, GridCell, Page } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { DifferenceList } from "./difference-list.tsx";
import { WATCH_MS } from "./inputs.ts";
import { LiveLog } from "./live-log.tsx";
import { Progress } from "./progress.tsx";
import { SubjectPlaceholder } from "./subject-page.tsx";
import { comparedFigure, DRILL_STATE, DRILL_WORD } from "./words.ts";
import styles from "./backups.module.css";

const SECOND_MS = 1_000;

/** One drill: what was restored, what was compared, what the plan asked, and the log. */
export function DrillView({ id }: { id: string }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data: drill, error, refetch } = useQuery(trpc.backups.drill.queryOptions({ id }, { refetchInterval: ({ state }) => (state.data?.state === "running" || state.data?.state === "queued" ? WATCH_MS : false) }));
  const cancel = useMutation(trpc.backups.cancelDrill.mutationOptions({}));
  if (!drill) return <SubjectPlaceholder noun="Drill" error={error} onRetry={() => void refetch()} />;
  const active = drill.state === "running" || drill.state === "queued";
  return (
    <Page
      title={`Drill of ${drill.planName}`}
      badge={<StatusBadge state={DRILL_STATE[drill.state]}>{DRILL_WORD[drill.state]}</StatusBadge>}
      tags={
        <span className={styles.tags}>
          {drill.place ? <Tag>{drill.place.replace(/^(a|the) /, "")}</Tag> : null}
          <Link href={`/backups/runs/${drill.runId}`} className="sw-link">The backup ›</Link>
          <Link href={`/backups/${drill.planSlug}`} className="sw-link">{drill.planName} ›</Link>
        </span>
      }
      sentence={{ tone: DRILL_STATE[drill.state], lead: active ? "Restoring into a scratch place now." : drill.state === "passed" ? "This backup restores: everything that was compared is there." : drill.state === "cancelled" ? "Cancelled." : "This drill proved nothing.", rest: drill.state === "cancelled" ? undefined : (drill.problem ?? undefined) }}
      actions={active && mayEdit ? <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id })}>Cancel</Button> : null}
    >
      {active ? <Card title="Progress"><Progress progress={drill.progress} /></Card> : null}
      {drill.restoreSeconds === null ? null : (
        <KeyFigures
          label="Figures of the drill"
          figures={[
            { label: "Restore time (RTO), measured", value: formatDuration(drill.restoreSeconds * SECOND_MS) },
            { label: "Age of the data (RPO), measured", value: drill.dataAgeSeconds === null ? "–" : formatDuration(drill.dataAgeSeconds * SECOND_MS) },
            comparedFigure(drill),
            { label: "Questions answered", value: `${drill.assertions.filter(({ isTrue }) => isTrue).length} of ${drill.assertions.length}` },
          ]}
        />
      )}
      <CardGrid>
        <GridCell span={7}>
          <LiveLog id={drill.id} isLive={active} />
        </GridCell>
        <GridCell span={5}>
          <Card title="Questions of the plan">
            {drill.assertions.length === 0 ? <p className={styles.note}>The plan asks none. Add them in its settings: each must return true in the restored copy.</p> : null}
            <ul className={styles.findings}>
              {drill.assertions.map((one) => (
                <li key={one.name} className={styles.finding}>
                  <StatusIcon state={one.isTrue ? "ok" : "fail"} />
                  <span>{one.name}{one.problem ? `: ${one.problem}` : ""}</span>
                </li>
              ))}
            </ul>
          </Card>
          {drill.differences.length > 0 ? <DifferenceList differences={drill.differences} /> : null}
        </GridCell>
      </CardGrid>
    </Page>
  );
}
