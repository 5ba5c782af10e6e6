"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { ServiceRow } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { UptimeBars } from "../data/uptime-bars.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ServiceStatus } from "./columns.tsx";
import { SUMMARY_INPUT } from "./summary-input.ts";
import { barsLabel, uptimeBars } from "./states.ts";
import styles from "./summary.module.css";

/** Health by service, worst first, with the bars of the last day. */
export function ServicesSummaryCard() {
  const trpc = useTRPC();
  const rows = useQuery(trpc.services.list.queryOptions(SUMMARY_INPUT));
  const { data: page, error, refetch } = rows;
  const { isStale, at: staleAt } = useFreshness(rows);
  const { data: summary } = useQuery(trpc.services.summary.queryOptions({ filter: "" }));
  const all = summary?.counts.all;
  return (
    <Card
      title="Health by service"
      aside={
        <>
          <span>Worst first, last 24 h</span>
          <Link href="/services" className="sw-link">
            {all === undefined ? "All" : `All ${formatCount(all)}`} ›
          </Link>
        </>
      }
      footer={{ source: summary ? plural(summary.checks, "check") : "Checks", at: isStale ? staleAt : <RelativeTime at={summary?.lastResultAt} never="no result yet" /> }}
      isStale={isStale}
    >
      {error && !page ? <ErrorState title="Services could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!page && !error ? <SkeletonRows count={SUMMARY_INPUT.limit} height={30} /> : null}
      <ul className={styles.rows}>
        {page?.items.map((row) => (
          <SummaryRow key={row.id} row={row} />
        ))}
      </ul>
      {all !== undefined && page && all > page.items.length ? <p className={styles.more}>{moreWords(all - page.items.length, page.items)}</p> : null}
    </Card>
  );
}

/** Rows come worst first: when the last one shown is OK, so is everything after it. */
function moreWords(count: number, shown: readonly ServiceRow[]): string {
  return shown.at(-1)?.state === "up" ? `${formatCount(count)} more ${count === 1 ? "is" : "are"} OK.` : `${plural(count, "more service", "more services")}.`;
}

function SummaryRow({ row }: { row: ServiceRow }) {
  return (
    <li className={styles.row}>
      <Link href={`/services/${row.slug}`} className={styles.name} prefetch={false}>
        {row.name}
      </Link>
      <span className={styles.status}>
        <ServiceStatus state={row.state} stateSince={row.stateSince} />
      </span>
      <span className={styles.reason}>{row.stateReason}</span>
      <span className={styles.bars}>
        <UptimeBars bars={uptimeBars(row.bars)} label={barsLabel(row.name, row.bars, row.uptime24h)} />
      </span>
      <span className={styles.ratio}>{formatPercent(row.uptime24h)}</span>
    </li>
  );
}
