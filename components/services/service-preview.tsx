"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowUpRight } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import { useState, type ReactNode } from "react";
import type { ServiceDetail, State } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatPercent } from "../data/format.ts";
import { RelativeTime, useNow } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusBadge, StatusIcon, type State as Tone } from "../data/status.tsx";
import { Tags } from "../data/tags.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { RestoreService } from "./archive-service.tsx";
import { checkTone, componentTone, kindWord, targetWords } from "./check-words.ts";
import { withGaps } from "./latency-points.ts";
import { endSentence } from "./sentence.ts";
import { stateWords, TONES } from "./states.ts";
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
      <LatencySection service={service} />
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

const DAY_MS = 86_400_000;
/** The preview's day ends on a round five minutes, so that opening it twice asks once. */
const STEP_MS = 300_000;

function LatencySection({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const [to] = useState(() => Math.ceil(Date.now() / STEP_MS) * STEP_MS);
  const { data } = useQuery(trpc.services.latency.queryOptions({ id: service.id, from: new Date(to - DAY_MS), to: new Date(to) }));
  const day = service.uptime[0];
  if (!day) return null;
  const values = data ? withGaps(data).map((point) => point.p95 ?? null) : [];
  return (
    <SidePanelSection title="p95, last 24 h" aside={`${formatMilliseconds(day.latency.p95)}, uptime ${formatPercent(day.ratio)}`}>
      <Sparkline values={values} label={`p95 of ${service.name}, last 24 h`} width={326} height={64} state={service.state === "up" ? "ok" : TONES[service.state]} />
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
          <Line
            key={check.id}
            state={checkTone(check)}
            name={<code>{`${kindWord(check)} ${targetWords(check)}`}</code>}
            below={check.pausedAt ? "paused" : check.lastMessage || "not run yet"}
            end={<RelativeTime at={check.lastResultAt} suffix="" never="" />}
          />
        ))}
      </ul>
    </SidePanelSection>
  );
}

interface LineProps {
  state: Tone;
  name: ReactNode;
  detail?: string;
  /** A second line, for what may be long. */
  below?: string;
  end: ReactNode;
}

function Line({ state, name, detail, below, end }: LineProps) {
  return (
    <li className={styles.line}>
      <StatusIcon state={state} />
      <span className={styles.lineName}>
        {name} {detail ? <small>{detail}</small> : null}
        {below ? <span className={styles.lineBelow}>{below}</span> : null}
      </span>
      <span className={styles.lineEnd}>{end}</span>
    </li>
  );
}
