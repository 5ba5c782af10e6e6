"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { CheckDetail, ResultRow } from "../../server/services/schema.ts";
import { CopyButton } from "../data/copy-button.tsx";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatClock, formatDay, formatPercent, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusIcon } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { PingAddress } from "./ping-address.tsx";
import { CheckActions } from "./check-actions.tsx";
import { CheckStatus } from "./check-columns.tsx";
import { intervalWords, kindWord, targetWords } from "./check-words.ts";
import { PhaseBar } from "./phase-bar.tsx";
import { phaseWords } from "./phases.ts";
import { endSentence } from "./sentence.ts";
import { TONES, WORDS } from "./states.ts";
import styles from "./services.module.css";

interface CheckPanelProps {
  check: CheckDetail;
  /** Where jobs reach this console. */
  origin: string;
  mayEdit: boolean;
  onEdit: () => void;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

const RESULTS_SHOWN = 30;

/** One check beside the list: how it stands, what it measures, its latest results. */
export function CheckPanel({ check, origin, mayEdit, onEdit, ...moves }: CheckPanelProps) {
  return (
    <SidePanel title={check.name} label={`Check ${check.name}`} badge={<CheckStatus check={check} />} width={440} {...moves}>
      {check.stateReason && check.state !== "up" ? <p className={styles.why}>{endSentence(check.stateReason)}</p> : null}
      {mayEdit ? <CheckActions check={check} onEdit={onEdit} onRemoved={moves.onClose} /> : null}
      <SidePanelSection>
        <Facts
          rows={[
            ["Target", `${kindWord(check)} ${targetWords(check)}`],
            ["Schedule", `every ${intervalWords(check.intervalSeconds)}, timeout ${formatMilliseconds(check.timeoutMs)}`],
            ["Judged", `down after ${plural(check.failuresBeforeDown, "failure")}, up after ${plural(check.successesBeforeUp, "answer")}`],
            ["Last 24 h", `uptime ${formatPercent(check.uptime24h)}, p95 ${formatMilliseconds(check.p95Ms24h)}`],
            ...(check.certificateExpiresAt ? [["Certificate", <span key="certificate">ends <RelativeTime at={check.certificateExpiresAt} /></span>] as const] : []),
            ["Id", <span key="id"><code>{check.id}</code> <CopyButton value={check.id} label="Copy id" /></span>],
            ["Next run", check.pausedAt ? "paused" : <RelativeTime key="next" at={check.nextDueAt} never="not planned" />],
          ]}
        />
      </SidePanelSection>
      {check.config.kind === "heartbeat" && check.config.pingId ? <PingAddress address={`${origin}/ping/${check.config.pingId}`} /> : null}
      <Results check={check} />
    </SidePanel>
  );
}

function Results({ check }: { check: CheckDetail }) {
  const trpc = useTRPC();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    trpc.services.results.infiniteQueryOptions({ id: check.id, limit: RESULTS_SHOWN }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const rows = data?.pages.flatMap((page) => page.items);
  return (
    <SidePanelSection title="Latest results" aside="newest first">
      {error && !rows ? <ErrorState title="Results could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
      {!rows && !error ? <SkeletonRows count={6} height={24} /> : null}
      {rows?.length === 0 ? <p className={styles.hint}>{check.lastResultAt ? "No single results are kept from its last run." : "Not run yet."}</p> : null}
      {rows?.[0]?.phases ? <PhaseBar phases={rows[0].phases} /> : null}
      <ul className={styles.lines}>
        {rows?.map((row) => (
          <ResultLine key={row.at.getTime()} row={row} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button mt={12} variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </SidePanelSection>
  );
}

function ResultLine({ row }: { row: z.infer<typeof ResultRow> }) {
  return (
    <li className={styles.line}>
      <StatusIcon state={TONES[row.verdict]} />
      <span className={styles.lineName}>{row.message || WORDS[row.verdict]}</span>
      <span className={styles.lineEnd} title={row.phases ? phaseWords(row.phases) : undefined}>
        {formatDay(row.at)} {formatClock(row.at)}
      </span>
    </li>
  );
}
