"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowUpRight } from "@tabler/icons-react";
import Link from "next/link";
import type { ServiceDetail, State } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatPercent } from "../data/format.ts";
import { RelativeTime, useNow } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusBadge, StatusIcon, type State as Tone } from "../data/status.tsx";
import { Tags } from "../data/tags.tsx";
import { UptimeBars } from "../data/uptime-bars.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { RestoreService } from "./archive-service.tsx";
import { checkTone, componentTone, kindWord, targetWords } from "./check-words.ts";
import { endSentence } from "./sentence.ts";
import { barsLabel, stateWords, TONES, uptimeBars } from "./states.ts";
import { tierWords } from "./tiers.ts";
import styles from "./services.module.css";

interface ServicePreviewProps {
  id: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** One service beside the list: why it is as it is, its parts, its checks, who owns it. */
export function ServicePreview({ id, ...moves }: ServicePreviewProps) {
  const trpc = useTRPC();
  const { data: service, error, refetch } = useQuery(trpc.services.get.queryOptions({ id }));
  if (!service) {
    return (
      <SidePanel title="Service" label="Preview" {...moves}>
        {error ? <ErrorState title="This service could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : <SkeletonRows count={6} />}
      </SidePanel>
    );
  }
  return (
    <SidePanel title={service.name} label={`Preview of ${service.name}`} badge={<StateBadge state={service.state} since={service.stateSince} />} {...moves}>
      {service.stateReason ? <p className={styles.why}>{endSentence(service.stateReason)}</p> : null}
      <div className={styles.panelActions}>
        <Button component={Link} href={`/services/${service.slug}`} variant="default" size="xs" leftSection={<IconArrowUpRight size={14} aria-hidden />}>
          Open
        </Button>
        {service.archivedAt ? <RestoreService service={service} size="xs" /> : null}
      </div>
      <UptimeSection service={service} />
      {service.components.length > 0 ? <Components service={service} /> : null}
      <Checks service={service} />
      <SidePanelSection>
        <Facts
          rows={[
            ["Owner", service.owner || "Nobody"],
            ["Tier", tierWords(service.tier)],
            ["Environment", service.environment],
            ...(service.domain ? [["Domain", service.domain] as const] : []),
            ...(service.tags.length > 0 ? [["Tags", <Tags key="tags" values={service.tags} />] as const] : []),
            ["Last result", <RelativeTime key="last" at={service.lastResultAt} />],
          ]}
        />
      </SidePanelSection>
    </SidePanel>
  );
}

/** The boxed state of a service with its age. */
export function StateBadge({ state, since }: { state: State; since: Date }) {
  const now = useNow();
  return <StatusBadge state={TONES[state]}>{stateWords(state, since, now)}</StatusBadge>;
}

function UptimeSection({ service }: { service: ServiceDetail }) {
  const day = service.uptime[0];
  if (!day) return null;
  return (
    <SidePanelSection title="Uptime, last 24 h" aside={`p95 ${formatMilliseconds(day.latency.p95)}`}>
      <span className={styles.uptime}>
        <UptimeBars bars={uptimeBars(day.bars)} label={barsLabel(service.name, day.bars, day.ratio)} wide />
        <span className={styles.figure}>{formatPercent(day.ratio)}</span>
      </span>
    </SidePanelSection>
  );
}

function Components({ service }: { service: ServiceDetail }) {
  return (
    <SidePanelSection title="Components, from its own health document">
      <ul className={styles.lines}>
        {service.components.map((part) => (
          <Line key={`${part.checkId}${part.name}`} state={componentTone(part)} name={part.name} detail={part.detail} end={<RelativeTime at={part.lastSeenAt} suffix="" />} />
        ))}
      </ul>
    </SidePanelSection>
  );
}

function Checks({ service }: { service: ServiceDetail }) {
  return (
    <SidePanelSection title="Checks">
      {service.checks.length === 0 ? <p className={styles.hint}>No checks yet, so nobody knows how it is.</p> : null}
      <ul className={styles.lines}>
        {service.checks.map((check) => (
          <Line key={check.id} state={checkTone(check)} name={`${kindWord(check)} ${targetWords(check)}`} end={check.pausedAt ? "paused" : check.lastMessage || "not run yet"} />
        ))}
      </ul>
    </SidePanelSection>
  );
}

function Line({ state, name, detail, end }: { state: Tone; name: string; detail?: string; end: React.ReactNode }) {
  return (
    <li className={styles.line}>
      <StatusIcon state={state} />
      <span className={styles.lineName}>
        {name} {detail ? <small>{detail}</small> : null}
      </span>
      <span className={styles.lineEnd}>{end}</span>
    </li>
  );
}
