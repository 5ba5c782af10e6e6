"use client";
import { Button } from "@mantine/core";
import { IconPlus, IconRefresh } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatClock } from "../data/format.ts";
import { StatusBadge } from "../data/status.tsx";
import { LimitsSummaryCard } from "../limits/summary-card.tsx";
import { queueRange } from "../queues/depth-series.ts";
import { QueuesSummaryCard } from "../queues/summary-card.tsx";
import { ReadinessSummaryCard } from "../readiness/summary-card.tsx";
import { ServiceExceptions } from "../services/exceptions.tsx";
import { ServicesSummaryCard } from "../services/summary-card.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { useAway } from "./away.tsx";
import { FirstRun } from "./first-run.tsx";
import { laterCard } from "./later-card.tsx";
import { factsAt, StaleProvider, useIsOld } from "./freshness.tsx";
import { overviewStanding, staleStanding } from "./overview-standing.ts";
import { CardGrid, GridCell, Page } from "./page.tsx";
import { useTimeRange } from "./time-range.tsx";
import { useMay } from "./viewer.tsx";
import styles from "./overview.module.css";

/** The facts of the first line may be this old before they are asked for again; events usually come sooner. */
const REFRESH_MS = 15_000;
/** Two refreshes were missed and a third is late. */
const STALE_AFTER_MS = 40_000;

const CoverageSummaryCard = laterCard({ title: "Coverage", height: 200, load: async () => (await import("../coverage/summary-card.tsx")).CoverageSummaryCard });
const LoadtestsSummaryCard = laterCard({ title: "Load tests", height: 200, load: async () => (await import("../loadtests/summary-card.tsx")).LoadtestsSummaryCard });
const BackupsSummaryCard = laterCard({ title: "Backups", height: 150, load: async () => (await import("../backups/summary-card.tsx")).BackupsSummaryCard });

/** Are we OK? Then what is not, then health and queues. */
export function Overview() {
  const trpc = useTRPC();
  const range = useTimeRange();
  const services = useQuery(trpc.services.summary.queryOptions({ filter: "" }, { refetchInterval: REFRESH_MS }));
  const queues = useQuery(trpc.queues.summary.queryOptions(queueRange(range), { refetchInterval: REFRESH_MS }));
  const standing = overviewStanding(services.data, queues.data);
  const areServicesOld = useIsOld(services, STALE_AFTER_MS);
  const areQueuesOld = useIsOld(queues, STALE_AFTER_MS);
  const stale = areServicesOld || areQueuesOld;
  const knownAt = factsAt(services.data ? services : queues);
  const isAway = useAway() !== null;
  const sentence = standing && (stale ? staleStanding(standing, knownAt) : standing);
  return (
    <div data-stale={stale || undefined} className={styles.overview}>
      <Page title="Overview" sentence={sentence ?? { tone: "unknown", lead: services.error ? "We cannot say how things stand." : "Looking." }} actions={<Actions isStale={stale || services.isError} />}>
        {!isAway && (stale || services.isError) ? <StaleBanner error={services.error ?? queues.error} since={stale ? knownAt : null} /> : null}
        <ServiceExceptions />
        <FirstRun services={services.data} />
        <StaleProvider isStale={stale}>
          <CardGrid>
            <GridCell span={4}>
              <ReadinessSummaryCard />
            </GridCell>
            <GridCell span={8}>
              <ServicesSummaryCard />
            </GridCell>
            <GridCell span={8}>
              <QueuesSummaryCard />
            </GridCell>
            <GridCell span={4}>
              <BackupsSummaryCard />
            </GridCell>
            <GridCell span={4}>
              <CoverageSummaryCard />
            </GridCell>
            <GridCell span={4}>
              <LoadtestsSummaryCard />
            </GridCell>
            <GridCell span={4}>
              <LimitsSummaryCard />
            </GridCell>
          </CardGrid>
        </StaleProvider>
      </Page>
    </div>
  );
}

function Actions({ isStale: stale }: { isStale: boolean }) {
  const client = useQueryClient();
  const mayEdit = useMay("editor");
  if (stale) {
    return (
      <Button leftSection={<IconRefresh />} onClick={() => void client.refetchQueries({ type: "active" })}>
        Try again
      </Button>
    );
  }
  if (!mayEdit) return null;
  return (
    <Button component={Link} href="/services?add=1" leftSection={<IconPlus />}>
      Add service
    </Button>
  );
}

function StaleBanner({ error, since }: { error: unknown; since: Date | null }) {
  const { message, requestId } = error ? describeError(error) : { message: "No answer came in time.", requestId: undefined };
  return (
    <div className={styles.banner} role="alert">
      <StatusBadge state="stale" />
      <span className={styles.bannerText}>
        <b>The facts cannot be refreshed{since ? ` since ${formatClock(since)}` : ""}.</b> {since ? "You see the last known ones. Changes are refused until the console answers." : null} {message}
      </span>
      {requestId ? <code>{requestId}</code> : null}
    </div>
  );
}
