"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import type { RunDetail } from "../../server/backups/schema.ts";
import { Code } from "../data/code.tsx";
import { formatDuration } from "../data/duration.ts";
import { formatCount, formatSize, formatUtc } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { Facts } from "../data/side-panel.tsx";
import { StatusBadge, StatusIcon, StatusText } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { Card, CardGrid, GridCell, Page } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ContentCard } from "./content-card.tsx";
import { WATCH_MS } from "./inputs.ts";
import { LiveLog } from "./live-log.tsx";
import { Progress } from "./progress.tsx";
import { RunActions } from "./run-actions.tsx";
import { SubjectPlaceholder } from "./subject-page.tsx";
import { RUN_STATE, RUN_WORD, TRIGGER_WORD } from "./words.ts";
import styles from "./backups.module.css";

const SECOND_MS = 1_000;
const isActive = (state: RunDetail["state"]) => state === "running" || state === "queued";

/** One run: how it ended or how far it is, what it holds, where it lies, and its log. */
export function RunView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data: run, error, refetch } = useQuery(trpc.backups.run.queryOptions({ id }, { refetchInterval: ({ state }) => (state.data && isActive(state.data.state) ? WATCH_MS : false) }));
  if (!run) return <SubjectPlaceholder noun="Run" error={error} onRetry={() => void refetch()} />;
  return (
    <Page
      title={`Backup of ${run.planName}`}
      badge={<StatusBadge state={RUN_STATE[run.state]}>{run.isCancelling ? "Cancelling" : RUN_WORD[run.state]}</StatusBadge>}
      tags={
        <span className={styles.tags}>
          <Tag>{TRIGGER_WORD[run.trigger]}</Tag>
          {run.lock ? <Tag strong>locked</Tag> : null}
          <Link href={`/backups/${run.planSlug}`} className="sw-link">
            {run.planName} ›
          </Link>
        </span>
      }
      sentence={{ tone: isLost(run) ? "fail" : RUN_STATE[run.state], ...sentenceOf(run) }}
      actions={<RunActions run={run} />}
    >
      {isActive(run.state) ? (
        <Card title="Progress">
          <Progress progress={run.progress} noun={run.files === null ? "tables" : "files"} />
        </Card>
      ) : null}
      <Suspicions run={run} />
      {run.bytes === null ? null : <RunFigures run={run} />}
      <CardGrid>
        <GridCell span={7}>
          <LiveLog id={run.id} isLive={isActive(run.state)} />
        </GridCell>
        <GridCell span={5}>
          <FactsCard run={run} />
        </GridCell>
      </CardGrid>
      {run.content ? <ContentCard content={run.content} /> : null}
    </Page>
  );
}

/** It was stored, and no store holds it any more. */
const isLost = ({ copies }: RunDetail) => copies.some(({ state }) => state === "lost") && !copies.some(({ state }) => state === "stored");

function sentenceOf(run: RunDetail): { lead: string; rest?: string } {
  if (isLost(run)) return { lead: "No store holds it any more.", rest: "It comes back when its store is seen with it again." };
  switch (run.state) {
    case "queued":
      return { lead: "Waiting for a worker." };
    case "running":
      return { lead: "Being taken now." };
    case "verified":
      return { lead: "A drill restored it and compared what is there." };
    case "stored":
      return { lead: "Stored, not yet tried.", rest: "Only a drill can say that it restores." };
    case "suspect":
      return { lead: "Stored, but something stands out.", rest: run.suspicions[0]?.message };
    case "failed":
      return { lead: "No backup was made.", rest: run.problem ?? undefined };
    case "cancelled":
      return { lead: run.problem ?? "Cancelled." };
    default:
      return run.state satisfies never;
  }
}

function Suspicions({ run }: { run: RunDetail }) {
  if (run.suspicions.length === 0) return null;
  return (
    <div className={styles.banner} role="status">
      <StatusIcon state="warn" size={16} />
      <span>
        <b>Why it is suspect.</b> {run.suspicions.map(({ message }) => message).join(" ")}
      </span>
    </div>
  );
}

/** The date as the figure and the time beside it: both together are wider than a phone's column. */
function dataAsOf(at: Date | null) {
  if (at === null) return { label: "Data as of", value: "–" };
  const words = formatUtc(at);
  const split = words.lastIndexOf(" ", words.lastIndexOf(" ") - 1);
  return { label: "Data as of", value: words.slice(0, split), aside: words.slice(split + 1).replace(/:\d\d UTC$/, " UTC") };
}

function RunFigures({ run }: { run: RunDetail }) {
  return (
    <KeyFigures
      label="Figures of the run"
      figures={[
        { label: "Size, compressed", value: formatSize(run.bytes ?? 0), aside: `from ${formatSize(run.plainBytes ?? 0)}` },
        { label: "Took", value: run.seconds === null ? "–" : formatDuration(run.seconds * SECOND_MS) },
        run.files === null ? { label: "Rows", value: formatCount(run.rows ?? 0), aside: `in ${formatCount(run.tables ?? 0)} tables` } : { label: "Files", value: formatCount(run.files) },
        dataAsOf(run.dataAsOf),
      ]}
    />
  );
}

function FactsCard({ run }: { run: RunDetail }) {
  return (
    <Card title="Facts" footer={{ source: `Asked for by ${run.requestedBy.startsWith("backups.") ? "the console" : run.requestedBy}`, at: formatUtc(run.requestedAt) }}>
      <Facts
        rows={[
          ["Id", <Code key="id">{run.id}</Code>],
          ["Engine", run.engine ? `${run.engine}. ${run.engineReason ?? ""}` : "not chosen"],
          ["Encryption", run.cipher === null ? "–" : run.cipher === "none" ? "none" : `AES-256-GCM${run.keyId === null ? "" : `, key ${run.keyId}`}`],
          ["Lock", run.lock ? `${run.lock.reason} (${run.lock.by})` : "none"],
          ...run.copies.map((copy) => [copy.storeName, <CopyWord key={copy.storeId} copy={copy} />] as const),
        ]}
      />
    </Card>
  );
}

function CopyWord({ copy }: { copy: RunDetail["copies"][number] }) {
  if (copy.state === "stored") return copy.problem ? <StatusText state="warn">{copy.problem}</StatusText> : <StatusText state="ok">{`Stored, ${formatSize(copy.bytes ?? 0)}`}</StatusText>;
  if (copy.state === "lost") return <StatusText state="fail">{`Lost. ${copy.problem ?? ""}`}</StatusText>;
  if (copy.state === "failed") return <StatusText state="fail">{copy.problem ?? "Not stored"}</StatusText>;
  return <StatusText state="unknown">{`${copy.state === "deleted" ? "Deleted" : "Being deleted"}: ${copy.deleteRule ?? ""}`}</StatusText>;
}
