"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { RestoreRow } from "../../server/backups/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatCount } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { Facts } from "../data/side-panel.tsx";
import { StatusBadge } from "../data/status.tsx";
import { Card, CardGrid, GridCell, Page } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { DifferenceList } from "./difference-list.tsx";
import { WATCH_MS } from "./inputs.ts";
import { LiveLog } from "./live-log.tsx";
import { Progress } from "./progress.tsx";
import { SubjectPlaceholder } from "./subject-page.tsx";
import { comparedFigure, endInWords, RESTORE_STATE, RESTORE_WORD } from "./words.ts";
import styles from "./backups.module.css";

const SECOND_MS = 1_000;
const isActive = (state: RestoreRow["state"]) => state === "running" || state === "queued";

function sentenceOf(restore: RestoreRow): { lead: string; rest?: string } {
  if (isActive(restore.state)) return { lead: `Restoring into ${restore.targetLabel}.`, rest: "It gets its name only when everything was compared." };
  if (restore.state === "done") return { lead: `${restore.targetLabel} is back.`, rest: restore.formerName ? `The former database is kept as ${restore.formerName}.` : undefined };
  return endInWords(restore);
}

/** One restore: phase by phase, then what was compared. */
export function RestoreView({ id }: { id: string }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data: restore, error, refetch } = useQuery(trpc.backups.restore.queryOptions({ id }, { refetchInterval: ({ state }) => (state.data && isActive(state.data.state) ? WATCH_MS : false) }));
  const cancel = useMutation(trpc.backups.cancelRestore.mutationOptions({}));
  if (!restore) return <SubjectPlaceholder noun="Restore" error={error} onRetry={() => void refetch()} />;
  const active = isActive(restore.state);
  const { phase, progress } = restore;
  return (
    <Page
      title={`Restore of ${restore.planName}`}
      badge={<StatusBadge state={RESTORE_STATE[restore.state]}>{restore.isCancelling ? "Cancelling" : RESTORE_WORD[restore.state]}</StatusBadge>}
      tags={
        <span className={styles.tags}>
          <Link href={`/backups/runs/${restore.runId}`} className="sw-link">The backup ›</Link>
          <Link href={`/backups/${restore.planSlug}`} className="sw-link">{restore.planName} ›</Link>
        </span>
      }
      sentence={{ tone: RESTORE_STATE[restore.state], ...sentenceOf(restore) }}
      actions={active && mayEdit ? <Button variant="default" loading={cancel.isPending} disabled={restore.isCancelling} onClick={() => cancel.mutate({ id })}>Cancel</Button> : null}
    >
      {active ? (
        <Card title="Progress">
          <Progress progress={progress && phase ? { ...progress, phase } : null} />
        </Card>
      ) : null}
      {restore.seconds === null ? null : (
        <KeyFigures
          label="Figures of the restore"
          figures={[
            { label: "Took", value: formatDuration(restore.seconds * SECOND_MS) },
            comparedFigure(restore),
            { label: "Differences", value: formatCount(restore.differences.filter(({ severity }) => severity === "wrong").length) },
          ]}
        />
      )}
      <CardGrid>
        <GridCell span={7}>
          <LiveLog id={restore.id} isLive={active} />
        </GridCell>
        <GridCell span={5}>
          <Card title="Facts">
            <Facts
              rows={[
                ["Target", restore.targetLabel],
                ["Mode", restore.mode === "replace" ? "replaces what is there" : "new, nothing else changes"],
                ["Asked for by", restore.requestedBy],
                ["Safety backup", restore.safetyRunId ? <Link key="safety" href={`/backups/runs/${restore.safetyRunId}`} className="sw-link">taken first ›</Link> : "not needed"],
              ]}
            />
          </Card>
          {restore.differences.length > 0 ? <DifferenceList differences={restore.differences} /> : null}
          {restore.leftOut.length > 0 ? <Card title="Left out"><p className={styles.note}>{restore.leftOut.map(({ what, reason }) => `${what}: ${reason}`).join("; ")}</p></Card> : null}
        </GridCell>
      </CardGrid>
    </Page>
  );
}
