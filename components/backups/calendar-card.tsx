"use client";
import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCheck, IconExclamationMark, IconX } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { plural } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { buildCalendar, type CalendarCell } from "./calendar.ts";
import { momentIn, RUN_WORD } from "./words.ts";
import styles from "./backups.module.css";

const LEGEND = [["verified", "verified"], ["stored", "done, not yet verified"], ["suspect", "suspect"], ["failed", "failed"]] as const;

/** Where all six weeks have no room, the last days are shown first. */
function showEnd(element: HTMLDivElement | null): void {
  if (element) element.scrollLeft = element.scrollWidth;
}

/** Six weeks of runs, a row for each time of the day, and the drills below. */
export function CalendarCard({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const history = useQuery(trpc.backups.history.queryOptions({ id: plan.slug }));
  const { at, isStale } = useFreshness(history);
  const calendar = history.data && buildCalendar(history.data, new Date(history.dataUpdatedAt), plan.nextRunAt);
  return (
    <Card
      title="Runs"
      aside={
        <span className={styles.legend}>
          {LEGEND.map(([state, word]) => (
            <span key={state}>
              <i className={styles.swatch} data-state={state} aria-hidden />
              {word}
            </span>
          ))}
        </span>
      }
      footer={{ source: calendar ? `${plural(calendar.runs, "run")} in 6 weeks, times in ${plan.timeZone}` : "Runs", at }}
      isStale={isStale}
    >
      {calendar ? (
        // A scrolling region must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div ref={showEnd} className={styles.scroll} tabIndex={0} role="region" aria-label="Calendar of runs">
          <div className={styles.calendar} style={{ gridTemplateRows: `repeat(${calendar.rows.length + 2}, 16px)` }}>
            <span className={styles.label} />
            {calendar.rows.map((row) => (
              <span key={row} className={styles.label}>
                {row}
              </span>
            ))}
            <span className={styles.label}>Drill</span>
            {calendar.days.map((day) => (
              <Day key={day.key} head={day.head} cells={day.cells} drill={day.drill} timeZone={plan.timeZone} />
            ))}
          </div>
        </div>
      ) : (
        <SkeletonBlock height={120} />
      )}
    </Card>
  );
}

function Day({ head, cells, drill, timeZone }: { head: string; cells: readonly CalendarCell[]; drill: { id: string; isPassed: boolean } | null; timeZone: string }) {
  return (
    <>
      <span className={styles.dayHead} data-last={head === "Today" || undefined}>{head}</span>
      {cells.map((cell, index) => (
        <Cell key={index} cell={cell} timeZone={timeZone} />
      ))}
      {drill ? (
        <Link href={`/backups/drills/${drill.id}`} className={styles.drillMark} data-state={drill.isPassed ? "passed" : "failed"} aria-label={drill.isPassed ? "Drill passed" : "Drill failed"} prefetch={false} />
      ) : (
        <span className={styles.drillMark} />
      )}
    </>
  );
}

const ICON: Partial<Record<CalendarCell["state"], typeof IconCheck>> = { verified: IconCheck, failed: IconX, suspect: IconExclamationMark };

function Cell({ cell, timeZone }: { cell: CalendarCell; timeZone: string }) {
  if (cell.id === null || cell.at === null || cell.state === "none" || cell.state === "next") return <span className={styles.day} data-state={cell.state} />;
  const Icon = ICON[cell.state];
  const words = `${momentIn(cell.at, timeZone)}: ${RUN_WORD[cell.state]}`;
  return (
    <Tooltip label={words}>
      <Link href={`/backups/runs/${cell.id}`} className={styles.day} data-state={cell.state} aria-label={words} prefetch={false}>
        {Icon ? <Icon size={11} stroke={3} aria-hidden /> : null}
      </Link>
    </Tooltip>
  );
}
