"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { CopyButton } from "../data/copy-button.tsx";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonBlock, SkeletonRows } from "../data/skeleton.tsx";
import { Tag } from "../data/tags.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { useDetailView, type Tab } from "./detail-url.ts";
import { HealthTab } from "./health-tab.tsx";
import { ServiceActions } from "./service-actions.tsx";
import { ServiceLinks } from "./service-links.tsx";
import { StateBadge } from "./service-preview.tsx";
import { detailSentence } from "./detail-sentence.ts";
import styles from "./detail.module.css";

const ChecksTab = dynamic(() => import("./checks-tab.tsx").then((module) => module.ChecksTab), { loading: () => <SkeletonRows count={4} /> });
const TimelineTab = dynamic(() => import("./timeline-tab.tsx").then((module) => module.TimelineTab), { loading: () => <SkeletonRows count={6} /> });
const SettingsTab = dynamic(() => import("./settings-tab.tsx").then((module) => module.SettingsTab), { loading: () => <SkeletonRows count={6} /> });

/** The page of one service: how it is and why, its checks, what happened, its settings. `origin` is where jobs reach this console. */
export function ServiceDetailView({ id, origin }: { id: string; origin: string }) {
  const trpc = useTRPC();
  const { data: service, error, refetch } = useQuery(trpc.services.get.queryOptions({ id }));
  if (!service) {
    return (
      <Page title={error ? "Service" : id}>
        {error ? (
          <Panel label="Service not read">
            <ErrorState title="This service could not be read" what={describeError(error).message} kept="Nothing was changed." requestId={describeError(error).requestId} onRetry={() => void refetch()} />
          </Panel>
        ) : (
          <SkeletonBlock height={480} />
        )}
      </Page>
    );
  }
  return <Loaded service={service} origin={origin} />;
}

function Loaded({ service, origin }: { service: ServiceDetail; origin: string }) {
  const mayEdit = useMay("editor");
  const { view, hrefOf, go } = useDetailView();
  const failing = service.checks.filter((check) => check.state === "down" && !check.pausedAt).length;
  return (
    <Page
      title={service.name}
      badge={<StateBadge state={service.state} since={service.stateSince} />}
      tags={<HeadTags service={service} />}
      sentence={detailSentence(service)}
      actions={mayEdit ? <ServiceActions service={service} /> : null}
      tabs={
        <PageTabs
          label={`Parts of ${service.name}`}
          tabs={[
            { value: "health", label: "Health" },
            { value: "checks", label: "Checks", count: service.checks.length, state: failing > 0 ? "fail" : undefined },
            { value: "timeline", label: "Timeline" },
            { value: "settings", label: "Settings" },
          ]}
          value={view.tab}
          hrefOf={(tab) => hrefOf({ tab: tab as Tab, check: null })}
          onChange={(tab) => go({ tab: tab as Tab, check: null })}
        />
      }
    >
      {view.tab === "health" ? (
        <>
          <ServiceLinks service={service} />
          <HealthTab service={service} />
        </>
      ) : null}
      {view.tab === "checks" ? <ChecksTab service={service} origin={origin} /> : null}
      {view.tab === "timeline" ? <TimelineTab service={service} /> : null}
      {view.tab === "settings" ? <SettingsTab key={service.id} service={service} /> : null}
    </Page>
  );
}

function HeadTags({ service }: { service: ServiceDetail }) {
  return (
    <span className={styles.tags}>
      <Tag strong={service.tier === 1}>tier {service.tier}</Tag>
      <Tag>{service.environment}</Tag>
      {service.archivedAt ? <Tag strong>archived</Tag> : null}
      {service.tags.map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      <span className={styles.slug}>
        {service.slug} <CopyButton value={service.slug} label="Copy slug" />
      </span>
    </span>
  );
}
