"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { DrillRow, PlanDetail } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatDuration } from "../data/duration.ts";
import { EmptyState } from "../data/empty-state.tsx";
import { formatShortCount } from "../data/format.ts";
import { StatusText } from "../data/status.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { DRILLS_LIMIT } from "./inputs.ts";
import { DRILL_STATE, DRILL_WORD, momentIn } from "./words.ts";
import styles from "./backups.module.css";

const SECOND_MS = 1_000;

function columnsFor(plan: PlanDetail, longest: number): readonly Column<DrillRow>[] {
  const isFiles = plan.sourceKind === "folder" || plan.sourceKind === "bucket";
  const formatted = (count: number | null) => (count === null ? "–" : formatShortCount(count));
  return [
    { id: "at", header: "Drill", phone: true, width: 156, cell: (row) => momentIn(row.finishedAt ?? row.requestedAt, plan.timeZone) },
    { id: "result", header: "Result", phone: true, cell: (row) => <StatusText state={DRILL_STATE[row.state]}>{DRILL_WORD[row.state]}</StatusText> },
    { id: "rows", header: isFiles ? "Files" : "Rows", align: "right", width: 64, wide: true, cell: (row) => formatted(isFiles ? row.comparedTables : row.comparedRows) },
    { id: "time", header: "Restore", align: "right", width: 104, phone: true, cell: (row) => <RestoreTime seconds={row.restoreSeconds} longest={longest} /> },
  ];
}

function RestoreTime({ seconds, longest }: { seconds: number | null; longest: number }) {
  if (seconds === null) return "–";
  return (
    <span className={styles.bar}>
      <span className={styles.track} aria-hidden>
        <span className={styles.fill} style={{ width: `${longest > 0 ? (seconds / longest) * 100 : 0}%` }} />
      </span>
      {formatDuration(seconds * SECOND_MS)}
    </span>
  );
}

/** The latest restores into a scratch place, with what they found and how long they took. */
export function DrillsCard({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const router = useRouter();
  const drills = useQuery(trpc.backups.drills.queryOptions({ id: plan.slug, limit: DRILLS_LIMIT }));
  const { at, isStale } = useFreshness(drills);
  const rows = drills.data?.items;
  const longest = Math.max(0, ...(rows ?? []).map(({ restoreSeconds }) => restoreSeconds ?? 0));
  const failed = rows?.find(({ state, problem }) => state === "failed" && problem !== null);
  return (
    <Card title="Drills" aside={plan.nextDrillAt ? <span>Next {momentIn(plan.nextDrillAt, plan.timeZone)}</span> : null} footer={{ source: "Counts and hashes compared", at }} isStale={isStale}>
      <div className={styles.bleed}>
        <DataTable
          label="Drills"
          noun="drill"
          bare
          plain
          density="compact"
          columns={columnsFor(plan, longest)}
          rows={rows}
          error={drills.error}
          onRetry={() => void drills.refetch()}
          rowId={(row) => row.id}
          rowLabel={(row) => `Drill of ${momentIn(row.requestedAt, plan.timeZone)}`}
          onOpen={(row) => router.push(`/backups/drills/${row.id}`)}
          empty={<EmptyState title="Never proven" sentence="A drill restores the newest backup into a scratch database and compares rows and hashes. The first backup is drilled by itself." />}
        />
      </div>
      {failed ? <p className={styles.note} style={{ paddingTop: 20 }}>{momentIn(failed.requestedAt, plan.timeZone)}: {failed.problem}</p> : null}
    </Card>
  );
}
