"use client";
import { useQuery } from "@tanstack/react-query";
import { formatClock } from "../data/format.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { WATCH_MS } from "./inputs.ts";
import styles from "./backups.module.css";

/** The log of a run, drill or restore; it grows while the work goes on. */
export function LiveLog({ id, isLive }: { id: string; isLive: boolean }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.backups.log.queryOptions({ id }, { refetchInterval: isLive ? WATCH_MS : false }));
  return (
    <Card title="Log" footer={{ source: "Written by the worker, times in UTC", at: isLive ? "live" : undefined }}>
      {data ? null : <SkeletonRows count={4} height={18} />}
      {data?.lines.length === 0 ? <p className={styles.note}>Nothing was written yet.</p> : null}
      {/* A scrolling region must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ol className={styles.log} aria-live="polite" tabIndex={0} aria-label="Log lines">
        {data?.lines.map((line) => (
          <li key={line.id} className={styles.line} data-level={line.level}>
            <time dateTime={line.at.toISOString()}>{formatClock(line.at)}</time>
            <span>{line.text}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
