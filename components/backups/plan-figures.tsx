"use client";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { formatDuration } from "../data/duration.ts";
import { formatPercent, formatSize, plural } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import type { State } from "../data/status.tsx";
import { clockIn, minutesInWords } from "./words.ts";

const NEAR = 0.8;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

const toneOf = (share: number | undefined): State | undefined => (share === undefined ? undefined : share > 1 ? "fail" : share > NEAR ? "warn" : "ok");

/** Six figures that answer: what would be lost, how long until it is back, when next, how much, how reliable. */
export function PlanFigures({ plan }: { plan: PlanDetail }) {
  const { dataAtRiskMs } = plan.standing;
  const riskShare = dataAtRiskMs === null ? undefined : dataAtRiskMs / (plan.rpoMinutes * MINUTE_MS);
  const restoreMs = plan.lastRestoreSeconds === null ? null : plan.lastRestoreSeconds * SECOND_MS;
  const restoreShare = restoreMs === null ? undefined : restoreMs / (plan.rtoMinutes * MINUTE_MS);
  const change = plan.sizeChange7d;
  return (
    <KeyFigures
      label="Figures of the plan"
      figures={[
        { label: "Data at risk now (RPO)", value: dataAtRiskMs === null ? "All" : formatDuration(dataAtRiskMs), aside: `of ${minutesInWords(plan.rpoMinutes)}`, progress: riskShare ?? 1, state: toneOf(riskShare ?? 2) },
        { label: "Restore time (RTO), measured", value: restoreMs === null ? "Not measured" : formatDuration(restoreMs), aside: `of ${minutesInWords(plan.rtoMinutes)}`, progress: restoreShare, state: toneOf(restoreShare) },
        { label: "Next run", value: plan.nextRunAt ? clockIn(plan.nextRunAt, plan.timeZone) : "None", aside: plan.nextRunAt ? <RelativeTime at={plan.nextRunAt} /> : plan.pausedAt ? "paused" : undefined },
        { label: "Size, compressed", value: plan.lastBytes === null ? "–" : formatSize(plan.lastBytes), aside: change === null ? undefined : `${change >= 0 ? "+" : "−"}${formatPercent(Math.abs(change), 1)} in 7 days` },
        { label: "Stored copies", value: String(plan.copies), aside: `in ${plural(plan.stores.length, "store")}, ${formatSize(plan.storedBytes)}` },
        { label: "Success, 30 days", value: formatPercent(plan.success30d.ratio, 1), aside: `${formatPercent(plan.successAll.ratio, 1)} of all ${plan.successAll.ended}` },
      ]}
    />
  );
}
