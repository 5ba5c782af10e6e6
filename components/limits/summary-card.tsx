"use client";
import { IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { Summary } from "../../server/limits/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, formatShortCount, plural } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ShareBar } from "./share-bar.tsx";
import { STORES } from "./words.ts";
import styles from "./limits.module.css";

/** Usage is written every few seconds and announced only when it matters, so the card asks. */
export const LIMITS_REFRESH_MS = 15_000;
const CARD_HEIGHT = 200;

/** The last hour of limits: calls, refusals, blocks, and who called most. */
export function LimitsSummaryCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.limits.summary.queryOptions({}, { refetchInterval: LIMITS_REFRESH_MS }));
  const { data, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  return (
    <Card
      title="Rate limits"
      aside={
        <Link href="/limits" className="sw-link">
          Limits <IconChevronRight size={12} aria-hidden />
        </Link>
      }
      footer={{ source: data ? `${STORES[data.store]}, ${plural(data.tiers, "tier")}` : "Limits", at }}
      isStale={isStale}
    >
      {data ? <Figures summary={data} /> : null}
      {data ? <TopConsumers summary={data} /> : null}
      {!data && error ? <ErrorState title="Limits could not be read" what={describeError(error).message} kept="They are still in force." onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonBlock height={CARD_HEIGHT} /> : null}
    </Card>
  );
}

function Figures({ summary: { calls, refused, blocked } }: { summary: Summary }) {
  return (
    <dl className={styles.figures}>
      <Figure label="Requests, 1 h" value={formatShortCount(calls)} />
      <Figure label="Refused" value={formatCount(refused)} />
      <Figure label="Blocked now" value={formatCount(blocked)} />
    </dl>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className={styles.figureLabel}>{label}</dt>
      <dd className={styles.figure}>{value}</dd>
    </div>
  );
}

function TopConsumers({ summary: { top } }: { summary: Summary }) {
  if (top.length === 0) return <p className={styles.none}>Nobody called in the last hour.</p>;
  return (
    <table className={styles.consumers}>
      <thead>
        <tr>
          <th scope="col">Top consumers</th>
          <th scope="col">Of limit</th>
          <th scope="col">Refused</th>
        </tr>
      </thead>
      <tbody>
        {top.map((consumer) => (
          <tr key={`${consumer.caller} ${consumer.tier}`}>
            <td className={styles.name} title={consumer.caller}>
              <span className={consumer.kind === "user" ? undefined : "sw-mono"}>{consumer.label}</span> <span className={styles.quiet}>{consumer.tier}</span>
            </td>
            <td>
              <ShareBar consumer={consumer} />
            </td>
            <td>{formatCount(consumer.refused)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
